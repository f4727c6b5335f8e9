"""Generated from statements.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

INSERT = Statement(
    name="executor.INSERT",
    sqlite=(
        'INSERT INTO executor_execution (id, namespace, flow_run_id, fence, keeper_pid, '
        'keeper_birth, phase, pid, birth, exit_code, message, start_time, end_time, '
        'captured_size, change) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, '
        '?13, ?14, (SELECT coalesce(max(executor_execution.change), 0) + 1 AS anon_1 FROM '
        'executor_execution)) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO executor_execution (id, namespace, flow_run_id, fence, keeper_pid, '
        'keeper_birth, phase, pid, birth, exit_code, message, start_time, end_time, '
        'captured_size, change) VALUES ($1::uuid, $2::text, $3::uuid, $4::bigint, '
        '$5::bigint, $6::text, $7::text, $8::bigint, $9::text, $10::bigint, $11::text, '
        '$12::timestamptz, $13::timestamptz, $14::bigint, (SELECT '
        'coalesce(max(executor_execution.change), 0) + 1 AS anon_1 FROM executor_execution)) '
        'ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("id", "uuid"),
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("keeper_pid", "int"),
        ("keeper_birth", "text"),
        ("phase", "text"),
        ("pid", "int"),
        ("birth", "text"),
        ("exit_code", "int"),
        ("message", "text"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("captured_size", "int"),
    ),
)

SAVE = Statement(
    name="executor.SAVE",
    sqlite=(
        'UPDATE executor_execution SET namespace=?1, flow_run_id=?2, fence=?3, '
        'keeper_pid=?4, keeper_birth=?5, phase=?6, pid=?7, birth=?8, exit_code=?9, '
        'message=?10, start_time=?11, end_time=?12, captured_size=?13, change=(SELECT '
        'coalesce(max(executor_execution.change), 0) + 1 AS anon_1 FROM executor_execution) '
        "WHERE executor_execution.id = ?14 AND executor_execution.phase != 'ENDED'"
    ),
    postgresql=(
        'UPDATE executor_execution SET namespace=$1::text, flow_run_id=$2::uuid, '
        'fence=$3::bigint, keeper_pid=$4::bigint, keeper_birth=$5::text, phase=$6::text, '
        'pid=$7::bigint, birth=$8::text, exit_code=$9::bigint, message=$10::text, '
        'start_time=$11::timestamptz, end_time=$12::timestamptz, captured_size=$13::bigint, '
        'change=(SELECT coalesce(max(executor_execution.change), 0) + 1 AS anon_1 FROM '
        'executor_execution) WHERE executor_execution.id = $14::uuid AND '
        "executor_execution.phase != 'ENDED'"
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("keeper_pid", "int"),
        ("keeper_birth", "text"),
        ("phase", "text"),
        ("pid", "int"),
        ("birth", "text"),
        ("exit_code", "int"),
        ("message", "text"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("captured_size", "int"),
        ("execution_id", "uuid"),
    ),
)

LOAD = Statement(
    name="executor.LOAD",
    sqlite=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.keeper_pid, executor_execution.keeper_birth, '
        'executor_execution.phase, executor_execution.pid, executor_execution.birth, '
        'executor_execution.exit_code, executor_execution.message, '
        'executor_execution.start_time, executor_execution.end_time, '
        'executor_execution.captured_size, executor_execution.change FROM executor_execution '
        'WHERE executor_execution.id = ?1'
    ),
    postgresql=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.keeper_pid, executor_execution.keeper_birth, '
        'executor_execution.phase, executor_execution.pid, executor_execution.birth, '
        'executor_execution.exit_code, executor_execution.message, '
        'executor_execution.start_time, executor_execution.end_time, '
        'executor_execution.captured_size, executor_execution.change FROM executor_execution '
        'WHERE executor_execution.id = $1::uuid'
    ),
    binds=(
        ("id", "uuid"),
    ),
    columns=(
        ("id", "uuid"),
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("keeper_pid", "int"),
        ("keeper_birth", "text"),
        ("phase", "text"),
        ("pid", "int"),
        ("birth", "text"),
        ("exit_code", "int"),
        ("message", "text"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("captured_size", "int"),
        ("change", "int"),
    ),
)

PAGE = Statement(
    name="executor.PAGE",
    sqlite=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.keeper_pid, executor_execution.keeper_birth, '
        'executor_execution.phase, executor_execution.pid, executor_execution.birth, '
        'executor_execution.exit_code, executor_execution.message, '
        'executor_execution.start_time, executor_execution.end_time, '
        'executor_execution.captured_size, executor_execution.change FROM executor_execution '
        'WHERE executor_execution.id < ?1 ORDER BY executor_execution.id DESC  LIMIT ?2 '
        'OFFSET 0'
    ),
    postgresql=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.keeper_pid, executor_execution.keeper_birth, '
        'executor_execution.phase, executor_execution.pid, executor_execution.birth, '
        'executor_execution.exit_code, executor_execution.message, '
        'executor_execution.start_time, executor_execution.end_time, '
        'executor_execution.captured_size, executor_execution.change FROM executor_execution '
        'WHERE executor_execution.id < $1::uuid ORDER BY executor_execution.id DESC  LIMIT '
        '$2::bigint'
    ),
    binds=(
        ("before", "uuid"),
        ("limit", "int"),
    ),
    columns=(
        ("id", "uuid"),
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("keeper_pid", "int"),
        ("keeper_birth", "text"),
        ("phase", "text"),
        ("pid", "int"),
        ("birth", "text"),
        ("exit_code", "int"),
        ("message", "text"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("captured_size", "int"),
        ("change", "int"),
    ),
)

ACTIVE_PAGE = Statement(
    name="executor.ACTIVE_PAGE",
    sqlite=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.keeper_pid, executor_execution.keeper_birth, '
        'executor_execution.phase, executor_execution.pid, executor_execution.birth, '
        'executor_execution.exit_code, executor_execution.message, '
        'executor_execution.start_time, executor_execution.end_time, '
        'executor_execution.captured_size, executor_execution.change FROM executor_execution '
        "WHERE executor_execution.id < ?1 AND executor_execution.phase != 'ENDED' ORDER BY "
        'executor_execution.id DESC  LIMIT ?2 OFFSET 0'
    ),
    postgresql=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.keeper_pid, executor_execution.keeper_birth, '
        'executor_execution.phase, executor_execution.pid, executor_execution.birth, '
        'executor_execution.exit_code, executor_execution.message, '
        'executor_execution.start_time, executor_execution.end_time, '
        'executor_execution.captured_size, executor_execution.change FROM executor_execution '
        "WHERE executor_execution.id < $1::uuid AND executor_execution.phase != 'ENDED' "
        'ORDER BY executor_execution.id DESC  LIMIT $2::bigint'
    ),
    binds=(
        ("before", "uuid"),
        ("limit", "int"),
    ),
    columns=(
        ("id", "uuid"),
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("keeper_pid", "int"),
        ("keeper_birth", "text"),
        ("phase", "text"),
        ("pid", "int"),
        ("birth", "text"),
        ("exit_code", "int"),
        ("message", "text"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("captured_size", "int"),
        ("change", "int"),
    ),
)

ACTIVE = Statement(
    name="executor.ACTIVE",
    sqlite=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.keeper_pid, executor_execution.keeper_birth, '
        'executor_execution.phase, executor_execution.pid, executor_execution.birth, '
        'executor_execution.exit_code, executor_execution.message, '
        'executor_execution.start_time, executor_execution.end_time, '
        'executor_execution.captured_size, executor_execution.change FROM executor_execution '
        "WHERE executor_execution.phase != 'ENDED' ORDER BY executor_execution.change"
    ),
    postgresql=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.keeper_pid, executor_execution.keeper_birth, '
        'executor_execution.phase, executor_execution.pid, executor_execution.birth, '
        'executor_execution.exit_code, executor_execution.message, '
        'executor_execution.start_time, executor_execution.end_time, '
        'executor_execution.captured_size, executor_execution.change FROM executor_execution '
        "WHERE executor_execution.phase != 'ENDED' ORDER BY executor_execution.change"
    ),
    columns=(
        ("id", "uuid"),
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("keeper_pid", "int"),
        ("keeper_birth", "text"),
        ("phase", "text"),
        ("pid", "int"),
        ("birth", "text"),
        ("exit_code", "int"),
        ("message", "text"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("captured_size", "int"),
        ("change", "int"),
    ),
)

CHANGES = Statement(
    name="executor.CHANGES",
    sqlite=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.keeper_pid, executor_execution.keeper_birth, '
        'executor_execution.phase, executor_execution.pid, executor_execution.birth, '
        'executor_execution.exit_code, executor_execution.message, '
        'executor_execution.start_time, executor_execution.end_time, '
        'executor_execution.captured_size, executor_execution.change FROM executor_execution '
        'WHERE executor_execution.change > ?1 ORDER BY executor_execution.change  LIMIT ?2 '
        'OFFSET 0'
    ),
    postgresql=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.keeper_pid, executor_execution.keeper_birth, '
        'executor_execution.phase, executor_execution.pid, executor_execution.birth, '
        'executor_execution.exit_code, executor_execution.message, '
        'executor_execution.start_time, executor_execution.end_time, '
        'executor_execution.captured_size, executor_execution.change FROM executor_execution '
        'WHERE executor_execution.change > $1::bigint ORDER BY executor_execution.change  '
        'LIMIT $2::bigint'
    ),
    binds=(
        ("after", "int"),
        ("limit", "int"),
    ),
    columns=(
        ("id", "uuid"),
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("keeper_pid", "int"),
        ("keeper_birth", "text"),
        ("phase", "text"),
        ("pid", "int"),
        ("birth", "text"),
        ("exit_code", "int"),
        ("message", "text"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("captured_size", "int"),
        ("change", "int"),
    ),
)

NEWEST = Statement(
    name="executor.NEWEST",
    sqlite=(
        'SELECT coalesce(max(executor_execution.change), 0) AS change FROM executor_execution'
    ),
    postgresql=(
        'SELECT coalesce(max(executor_execution.change), 0) AS change FROM executor_execution'
    ),
    columns=(
        ("change", "int"),
    ),
)

FORGET = Statement(
    name="executor.FORGET",
    sqlite=(
        "DELETE FROM executor_execution WHERE executor_execution.phase = 'ENDED' AND "
        'executor_execution.end_time < ?1 AND executor_execution.change < (SELECT '
        'coalesce(max(executor_execution.change), 0) AS coalesce_1 FROM executor_execution)'
    ),
    postgresql=(
        "DELETE FROM executor_execution WHERE executor_execution.phase = 'ENDED' AND "
        'executor_execution.end_time < $1::timestamptz AND executor_execution.change < '
        '(SELECT coalesce(max(executor_execution.change), 0) AS coalesce_1 FROM '
        'executor_execution)'
    ),
    binds=(
        ("ended_before", "time"),
    ),
)
