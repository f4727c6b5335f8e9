"""Generated from statements/log.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

LOCK_FLOW_RUN_LEASE = Statement(
    name="state.LOCK_FLOW_RUN_LEASE",
    sqlite=(
        'SELECT state_flow_run.lease_id, state_flow_run.fence, state_flow_run.owned, '
        'state_flow_run.attempt FROM state_flow_run WHERE state_flow_run.namespace = ?1 AND '
        'state_flow_run.id = ?2'
    ),
    postgresql=(
        'SELECT state_flow_run.lease_id, state_flow_run.fence, state_flow_run.owned, '
        'state_flow_run.attempt FROM state_flow_run WHERE state_flow_run.namespace = '
        '$1::text AND state_flow_run.id = $2::uuid FOR UPDATE'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("lease_id", "uuid"),
        ("fence", "int"),
        ("owned", "bool"),
        ("attempt", "int"),
    ),
)

LOG_SOURCE = Statement(
    name="state.LOG_SOURCE",
    sqlite=(
        'SELECT state_log_source.acknowledged_offset, state_log_source.ended FROM '
        'state_log_source WHERE state_log_source.namespace = ?1 AND '
        'state_log_source.flow_run_id = ?2 AND state_log_source.lease_id = ?3 AND '
        'state_log_source.source = ?4'
    ),
    postgresql=(
        'SELECT state_log_source.acknowledged_offset, state_log_source.ended FROM '
        'state_log_source WHERE state_log_source.namespace = $1::text AND '
        'state_log_source.flow_run_id = $2::uuid AND state_log_source.lease_id = $3::uuid '
        'AND state_log_source.source = $4::text'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("lease_id", "uuid"),
        ("source", "text"),
    ),
    columns=(
        ("acknowledged_offset", "int"),
        ("ended", "bool"),
    ),
)

SAVE_LOG_SOURCE = Statement(
    name="state.SAVE_LOG_SOURCE",
    sqlite=(
        'INSERT INTO state_log_source (namespace, flow_run_id, lease_id, source, '
        'acknowledged_offset, ended) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (namespace, '
        'flow_run_id, lease_id, source) DO UPDATE SET acknowledged_offset = ?5, ended = ?6'
    ),
    postgresql=(
        'INSERT INTO state_log_source (namespace, flow_run_id, lease_id, source, '
        'acknowledged_offset, ended) VALUES ($1::text, $2::uuid, $3::uuid, $4::text, '
        '$5::bigint, $6::boolean) ON CONFLICT (namespace, flow_run_id, lease_id, source) DO '
        'UPDATE SET acknowledged_offset = $5::bigint, ended = $6::boolean'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("lease_id", "uuid"),
        ("source", "text"),
        ("acknowledged_offset", "int"),
        ("ended", "bool"),
    ),
)

LOG_HEAD = Statement(
    name="state.LOG_HEAD",
    sqlite=(
        'SELECT (SELECT coalesce(max(state_log.position), 0) AS coalesce_1 FROM state_log '
        'WHERE state_log.namespace = state_flow_run.namespace AND state_log.flow_run_id = '
        'state_flow_run.id) AS last_position, state_flow_run.end_time, '
        'state_flow_run.lease_id IS NOT NULL AS handed_out, (SELECT count(*) AS count_1 FROM '
        'state_log_source WHERE state_log_source.namespace = state_flow_run.namespace AND '
        'state_log_source.flow_run_id = state_flow_run.id AND state_log_source.lease_id = '
        'state_flow_run.lease_id) AS sources, (SELECT count(*) AS count_1 FROM '
        'state_log_source WHERE state_log_source.namespace = state_flow_run.namespace AND '
        'state_log_source.flow_run_id = state_flow_run.id AND state_log_source.lease_id = '
        'state_flow_run.lease_id AND NOT state_log_source.ended) AS open_sources FROM '
        'state_flow_run WHERE state_flow_run.namespace = ?1 AND state_flow_run.id = ?2'
    ),
    postgresql=(
        'SELECT (SELECT coalesce(max(state_log.position), 0) AS coalesce_1 FROM state_log '
        'WHERE state_log.namespace = state_flow_run.namespace AND state_log.flow_run_id = '
        'state_flow_run.id) AS last_position, state_flow_run.end_time, '
        'state_flow_run.lease_id IS NOT NULL AS handed_out, (SELECT count(*) AS count_1 FROM '
        'state_log_source WHERE state_log_source.namespace = state_flow_run.namespace AND '
        'state_log_source.flow_run_id = state_flow_run.id AND state_log_source.lease_id = '
        'state_flow_run.lease_id) AS sources, (SELECT count(*) AS count_1 FROM '
        'state_log_source WHERE state_log_source.namespace = state_flow_run.namespace AND '
        'state_log_source.flow_run_id = state_flow_run.id AND state_log_source.lease_id = '
        'state_flow_run.lease_id AND NOT state_log_source.ended) AS open_sources FROM '
        'state_flow_run WHERE state_flow_run.namespace = $1::text AND state_flow_run.id = '
        '$2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("last_position", "int"),
        ("end_time", "time"),
        ("handed_out", "bool"),
        ("sources", "int"),
        ("open_sources", "int"),
    ),
)

LAST_LOG_POSITION = Statement(
    name="state.LAST_LOG_POSITION",
    sqlite=(
        'SELECT coalesce(max(state_log.position), 0) AS position FROM state_log WHERE '
        'state_log.namespace = ?1 AND state_log.flow_run_id = ?2'
    ),
    postgresql=(
        'SELECT coalesce(max(state_log.position), 0) AS position FROM state_log WHERE '
        'state_log.namespace = $1::text AND state_log.flow_run_id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
    ),
    columns=(
        ("position", "int"),
    ),
)

INSERT_LOG = Statement(
    name="state.INSERT_LOG",
    sqlite=(
        'INSERT INTO state_log (namespace, flow_run_id, position, "offset", time, level, '
        'logger, message, task_run_id, attempt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, '
        '?10)'
    ),
    postgresql=(
        'INSERT INTO state_log (namespace, flow_run_id, position, "offset", time, level, '
        'logger, message, task_run_id, attempt) VALUES ($1::text, $2::uuid, $3::bigint, '
        '$4::bigint, $5::timestamptz, $6::bigint, $7::text, $8::text, $9::uuid, $10::bigint)'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("position", "int"),
        ("offset", "int"),
        ("time", "time"),
        ("level", "int"),
        ("logger", "text"),
        ("message", "text"),
        ("task_run_id", "uuid"),
        ("attempt", "int"),
    ),
)

LOGS = Statement(
    name="state.LOGS",
    sqlite=(
        'SELECT state_log.namespace, state_log.flow_run_id, state_log.position, '
        'state_log."offset", state_log.time, state_log.level, state_log.logger, '
        'state_log.message, state_log.task_run_id, state_log.attempt FROM state_log WHERE '
        'state_log.namespace = ?1 AND state_log.flow_run_id = ?2 AND state_log.position > ?3 '
        'AND state_log.level >= ?4 ORDER BY state_log.position  LIMIT ?5 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_log.namespace, state_log.flow_run_id, state_log.position, '
        'state_log."offset", state_log.time, state_log.level, state_log.logger, '
        'state_log.message, state_log.task_run_id, state_log.attempt FROM state_log WHERE '
        'state_log.namespace = $1::text AND state_log.flow_run_id = $2::uuid AND '
        'state_log.position > $3::bigint AND state_log.level >= $4::bigint ORDER BY '
        'state_log.position  LIMIT $5::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("after", "int"),
        ("min_level", "int"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("position", "int"),
        ("offset", "int"),
        ("time", "time"),
        ("level", "int"),
        ("logger", "text"),
        ("message", "text"),
        ("task_run_id", "uuid"),
        ("attempt", "int"),
    ),
)

TASK_RUN_LOGS = Statement(
    name="state.TASK_RUN_LOGS",
    sqlite=(
        'SELECT state_log.namespace, state_log.flow_run_id, state_log.position, '
        'state_log."offset", state_log.time, state_log.level, state_log.logger, '
        'state_log.message, state_log.task_run_id, state_log.attempt FROM state_log WHERE '
        'state_log.namespace = ?1 AND state_log.task_run_id = ?2 AND '
        'coalesce(state_log.flow_run_id, state_log.flow_run_id) = ?3 AND state_log.position '
        '> ?4 AND state_log.level >= ?5 ORDER BY state_log.position  LIMIT ?6 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_log.namespace, state_log.flow_run_id, state_log.position, '
        'state_log."offset", state_log.time, state_log.level, state_log.logger, '
        'state_log.message, state_log.task_run_id, state_log.attempt FROM state_log WHERE '
        'state_log.namespace = $1::text AND state_log.task_run_id = $2::uuid AND '
        'coalesce(state_log.flow_run_id, state_log.flow_run_id) = $3::uuid AND '
        'state_log.position > $4::bigint AND state_log.level >= $5::bigint ORDER BY '
        'state_log.position  LIMIT $6::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("task_run_id", "uuid"),
        ("flow_run_id", "uuid"),
        ("after", "int"),
        ("min_level", "int"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("position", "int"),
        ("offset", "int"),
        ("time", "time"),
        ("level", "int"),
        ("logger", "text"),
        ("message", "text"),
        ("task_run_id", "uuid"),
        ("attempt", "int"),
    ),
)

LOG_BYTES_BY_NAMESPACE = Statement(
    name="state.LOG_BYTES_BY_NAMESPACE",
    sqlite=(
        'SELECT state_log.namespace, CAST(sum(length(state_log.message)) AS INTEGER) AS used '
        'FROM state_log GROUP BY state_log.namespace'
    ),
    postgresql=(
        'SELECT state_log.namespace, CAST(sum(length(state_log.message)) AS BIGINT) AS used '
        'FROM state_log GROUP BY state_log.namespace'
    ),
    columns=(
        ("namespace", "text"),
        ("used", "int"),
    ),
)
