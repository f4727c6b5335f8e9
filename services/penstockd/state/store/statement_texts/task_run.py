"""Generated from statements/task_run.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

TASK_RUN = Statement(
    name="state.TASK_RUN",
    sqlite=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.position, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream, state_task_run.tags, '
        'state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.inputs, '
        'state_task_run.result, state_task_run.failure, state_task_run.create_time, '
        'state_task_run.start_time, state_task_run.end_time FROM state_task_run WHERE '
        'state_task_run.namespace = ?1 AND state_task_run.id = ?2'
    ),
    postgresql=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.position, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream, state_task_run.tags, '
        'state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.inputs, '
        'state_task_run.result, state_task_run.failure, state_task_run.create_time, '
        'state_task_run.start_time, state_task_run.end_time FROM state_task_run WHERE '
        'state_task_run.namespace = $1::text AND state_task_run.id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("flow_run_id", "uuid"),
        ("position", "int"),
        ("epoch", "int"),
        ("name", "text"),
        ("task_name", "text"),
        ("task_key", "text"),
        ("source_digest", "bytes"),
        ("input_digest", "bytes"),
        ("occurrence", "int"),
        ("parent_task_run_id", "uuid"),
        ("upstream", "bytes"),
        ("tags", "json"),
        ("has_rollback_hook", "bool"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("attempt_cause", "text"),
        ("revision", "int"),
        ("inputs", "bytes"),
        ("result", "bytes"),
        ("failure", "bytes"),
        ("create_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
    ),
)

TASK_RUNS_BY_ID = Statement(
    name="state.TASK_RUNS_BY_ID",
    sqlite=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.position, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream, state_task_run.tags, '
        'state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.inputs, '
        'state_task_run.result, state_task_run.failure, state_task_run.create_time, '
        'state_task_run.start_time, state_task_run.end_time FROM state_task_run WHERE '
        'state_task_run.namespace = ?1 AND state_task_run.id IN (WITH RECURSIVE place(at) AS '
        '(SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at + 16 < length(?2)) SELECT '
        'substr(?2, at, 16) FROM place)'
    ),
    postgresql=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.position, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream, state_task_run.tags, '
        'state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.inputs, '
        'state_task_run.result, state_task_run.failure, state_task_run.create_time, '
        'state_task_run.start_time, state_task_run.end_time FROM state_task_run WHERE '
        'state_task_run.namespace = $1::text AND state_task_run.id = ANY($2::uuid[])'
    ),
    binds=(
        ("namespace", "text"),
        ("ids", "uuid[]"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("flow_run_id", "uuid"),
        ("position", "int"),
        ("epoch", "int"),
        ("name", "text"),
        ("task_name", "text"),
        ("task_key", "text"),
        ("source_digest", "bytes"),
        ("input_digest", "bytes"),
        ("occurrence", "int"),
        ("parent_task_run_id", "uuid"),
        ("upstream", "bytes"),
        ("tags", "json"),
        ("has_rollback_hook", "bool"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("attempt_cause", "text"),
        ("revision", "int"),
        ("inputs", "bytes"),
        ("result", "bytes"),
        ("failure", "bytes"),
        ("create_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
    ),
)

TASK_RUNS = Statement(
    name="state.TASK_RUNS",
    sqlite=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.position, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream, state_task_run.tags, '
        'state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.inputs, '
        'state_task_run.result, state_task_run.failure, state_task_run.create_time, '
        'state_task_run.start_time, state_task_run.end_time FROM state_task_run WHERE '
        'state_task_run.namespace = ?1 AND state_task_run.flow_run_id = ?2 AND '
        'state_task_run.position > ?3 ORDER BY state_task_run.position  LIMIT ?4 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.position, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream, state_task_run.tags, '
        'state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.inputs, '
        'state_task_run.result, state_task_run.failure, state_task_run.create_time, '
        'state_task_run.start_time, state_task_run.end_time FROM state_task_run WHERE '
        'state_task_run.namespace = $1::text AND state_task_run.flow_run_id = $2::uuid AND '
        'state_task_run.position > $3::bigint ORDER BY state_task_run.position  LIMIT '
        '$4::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("after", "int"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("flow_run_id", "uuid"),
        ("position", "int"),
        ("epoch", "int"),
        ("name", "text"),
        ("task_name", "text"),
        ("task_key", "text"),
        ("source_digest", "bytes"),
        ("input_digest", "bytes"),
        ("occurrence", "int"),
        ("parent_task_run_id", "uuid"),
        ("upstream", "bytes"),
        ("tags", "json"),
        ("has_rollback_hook", "bool"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("attempt_cause", "text"),
        ("revision", "int"),
        ("inputs", "bytes"),
        ("result", "bytes"),
        ("failure", "bytes"),
        ("create_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
    ),
)

OPEN_TASK_RUNS = Statement(
    name="state.OPEN_TASK_RUNS",
    sqlite=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.position, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream, state_task_run.tags, '
        'state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.inputs, '
        'state_task_run.result, state_task_run.failure, state_task_run.create_time, '
        'state_task_run.start_time, state_task_run.end_time FROM state_task_run WHERE '
        'state_task_run.namespace = ?1 AND state_task_run.flow_run_id = ?2 AND '
        'state_task_run.end_time IS NULL ORDER BY state_task_run.position DESC  LIMIT ?3 '
        'OFFSET 0'
    ),
    postgresql=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.position, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream, state_task_run.tags, '
        'state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.inputs, '
        'state_task_run.result, state_task_run.failure, state_task_run.create_time, '
        'state_task_run.start_time, state_task_run.end_time FROM state_task_run WHERE '
        'state_task_run.namespace = $1::text AND state_task_run.flow_run_id = $2::uuid AND '
        'state_task_run.end_time IS NULL ORDER BY state_task_run.position DESC  LIMIT '
        '$3::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("flow_run_id", "uuid"),
        ("position", "int"),
        ("epoch", "int"),
        ("name", "text"),
        ("task_name", "text"),
        ("task_key", "text"),
        ("source_digest", "bytes"),
        ("input_digest", "bytes"),
        ("occurrence", "int"),
        ("parent_task_run_id", "uuid"),
        ("upstream", "bytes"),
        ("tags", "json"),
        ("has_rollback_hook", "bool"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("attempt_cause", "text"),
        ("revision", "int"),
        ("inputs", "bytes"),
        ("result", "bytes"),
        ("failure", "bytes"),
        ("create_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
    ),
)
