"""Generated from statements.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

INSERT = Statement(
    name="executor.INSERT",
    sqlite=(
        'INSERT INTO executor_execution (id, namespace, flow_run_id, fence, incarnation, '
        'runtime, handle, phase, exit_code, message, start_time, end_time, captured_size, '
        'revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON '
        'CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO executor_execution (id, namespace, flow_run_id, fence, incarnation, '
        'runtime, handle, phase, exit_code, message, start_time, end_time, captured_size, '
        'revision) VALUES ($1::uuid, $2::text, $3::uuid, $4::bigint, $5::uuid, $6::text, '
        '$7::text, $8::text, $9::bigint, $10::text, $11::timestamptz, $12::timestamptz, '
        '$13::bigint, $14::bigint) ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("id", "uuid"),
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("incarnation", "uuid"),
        ("runtime", "text"),
        ("handle", "text"),
        ("phase", "text"),
        ("exit_code", "int"),
        ("message", "text"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("captured_size", "int"),
        ("revision", "int"),
    ),
)

SAVE = Statement(
    name="executor.SAVE",
    sqlite=(
        'UPDATE executor_execution SET namespace=?1, flow_run_id=?2, fence=?3, '
        'incarnation=?4, runtime=?5, handle=?6, phase=?7, exit_code=?8, message=?9, '
        'start_time=?10, end_time=?11, captured_size=?12, revision=?13 WHERE '
        'executor_execution.id = ?14 AND executor_execution.revision = ?15'
    ),
    postgresql=(
        'UPDATE executor_execution SET namespace=$1::text, flow_run_id=$2::uuid, '
        'fence=$3::bigint, incarnation=$4::uuid, runtime=$5::text, handle=$6::text, '
        'phase=$7::text, exit_code=$8::bigint, message=$9::text, '
        'start_time=$10::timestamptz, end_time=$11::timestamptz, captured_size=$12::bigint, '
        'revision=$13::bigint WHERE executor_execution.id = $14::uuid AND '
        'executor_execution.revision = $15::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("incarnation", "uuid"),
        ("runtime", "text"),
        ("handle", "text"),
        ("phase", "text"),
        ("exit_code", "int"),
        ("message", "text"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("captured_size", "int"),
        ("revision", "int"),
        ("execution_id", "uuid"),
        ("before", "int"),
    ),
)

LOAD = Statement(
    name="executor.LOAD",
    sqlite=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.incarnation, executor_execution.runtime, '
        'executor_execution.handle, executor_execution.phase, executor_execution.exit_code, '
        'executor_execution.message, executor_execution.start_time, '
        'executor_execution.end_time, executor_execution.captured_size, '
        'executor_execution.revision FROM executor_execution WHERE executor_execution.id = ?1'
    ),
    postgresql=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.incarnation, executor_execution.runtime, '
        'executor_execution.handle, executor_execution.phase, executor_execution.exit_code, '
        'executor_execution.message, executor_execution.start_time, '
        'executor_execution.end_time, executor_execution.captured_size, '
        'executor_execution.revision FROM executor_execution WHERE executor_execution.id = '
        '$1::uuid'
    ),
    binds=(
        ("id", "uuid"),
    ),
    columns=(
        ("id", "uuid"),
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("incarnation", "uuid"),
        ("runtime", "text"),
        ("handle", "text"),
        ("phase", "text"),
        ("exit_code", "int"),
        ("message", "text"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("captured_size", "int"),
        ("revision", "int"),
    ),
)

EXECUTIONS_BY_ID = Statement(
    name="executor.EXECUTIONS_BY_ID",
    sqlite=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.incarnation, executor_execution.runtime, '
        'executor_execution.handle, executor_execution.phase, executor_execution.exit_code, '
        'executor_execution.message, executor_execution.start_time, '
        'executor_execution.end_time, executor_execution.captured_size, '
        'executor_execution.revision FROM executor_execution WHERE executor_execution.id IN '
        '(WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at '
        '+ 16 < length(?1)) SELECT substr(?1, at, 16) FROM place)'
    ),
    postgresql=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.incarnation, executor_execution.runtime, '
        'executor_execution.handle, executor_execution.phase, executor_execution.exit_code, '
        'executor_execution.message, executor_execution.start_time, '
        'executor_execution.end_time, executor_execution.captured_size, '
        'executor_execution.revision FROM executor_execution WHERE executor_execution.id = '
        'ANY($1::uuid[])'
    ),
    binds=(
        ("ids", "uuid[]"),
    ),
    columns=(
        ("id", "uuid"),
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("incarnation", "uuid"),
        ("runtime", "text"),
        ("handle", "text"),
        ("phase", "text"),
        ("exit_code", "int"),
        ("message", "text"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("captured_size", "int"),
        ("revision", "int"),
    ),
)

PAGE = Statement(
    name="executor.PAGE",
    sqlite=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.incarnation, executor_execution.runtime, '
        'executor_execution.handle, executor_execution.phase, executor_execution.exit_code, '
        'executor_execution.message, executor_execution.start_time, '
        'executor_execution.end_time, executor_execution.captured_size, '
        'executor_execution.revision FROM executor_execution WHERE '
        'executor_execution.namespace = ?1 AND executor_execution.id < ?2 ORDER BY '
        'executor_execution.id DESC  LIMIT ?3 OFFSET 0'
    ),
    postgresql=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.incarnation, executor_execution.runtime, '
        'executor_execution.handle, executor_execution.phase, executor_execution.exit_code, '
        'executor_execution.message, executor_execution.start_time, '
        'executor_execution.end_time, executor_execution.captured_size, '
        'executor_execution.revision FROM executor_execution WHERE '
        'executor_execution.namespace = $1::text AND executor_execution.id < $2::uuid ORDER '
        'BY executor_execution.id DESC  LIMIT $3::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("before", "uuid"),
        ("limit", "int"),
    ),
    columns=(
        ("id", "uuid"),
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("incarnation", "uuid"),
        ("runtime", "text"),
        ("handle", "text"),
        ("phase", "text"),
        ("exit_code", "int"),
        ("message", "text"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("captured_size", "int"),
        ("revision", "int"),
    ),
)

ACTIVE_PAGE = Statement(
    name="executor.ACTIVE_PAGE",
    sqlite=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.incarnation, executor_execution.runtime, '
        'executor_execution.handle, executor_execution.phase, executor_execution.exit_code, '
        'executor_execution.message, executor_execution.start_time, '
        'executor_execution.end_time, executor_execution.captured_size, '
        'executor_execution.revision FROM executor_execution WHERE '
        'executor_execution.namespace = ?1 AND executor_execution.id < ?2 AND '
        "executor_execution.phase != 'ENDED' ORDER BY executor_execution.id DESC  LIMIT ?3 "
        'OFFSET 0'
    ),
    postgresql=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.incarnation, executor_execution.runtime, '
        'executor_execution.handle, executor_execution.phase, executor_execution.exit_code, '
        'executor_execution.message, executor_execution.start_time, '
        'executor_execution.end_time, executor_execution.captured_size, '
        'executor_execution.revision FROM executor_execution WHERE '
        'executor_execution.namespace = $1::text AND executor_execution.id < $2::uuid AND '
        "executor_execution.phase != 'ENDED' ORDER BY executor_execution.id DESC  LIMIT "
        '$3::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("before", "uuid"),
        ("limit", "int"),
    ),
    columns=(
        ("id", "uuid"),
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("incarnation", "uuid"),
        ("runtime", "text"),
        ("handle", "text"),
        ("phase", "text"),
        ("exit_code", "int"),
        ("message", "text"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("captured_size", "int"),
        ("revision", "int"),
    ),
)

ACTIVE = Statement(
    name="executor.ACTIVE",
    sqlite=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.incarnation, executor_execution.runtime, '
        'executor_execution.handle, executor_execution.phase, executor_execution.exit_code, '
        'executor_execution.message, executor_execution.start_time, '
        'executor_execution.end_time, executor_execution.captured_size, '
        'executor_execution.revision FROM executor_execution WHERE executor_execution.phase '
        "!= 'ENDED' ORDER BY executor_execution.id"
    ),
    postgresql=(
        'SELECT executor_execution.id, executor_execution.namespace, '
        'executor_execution.flow_run_id, executor_execution.fence, '
        'executor_execution.incarnation, executor_execution.runtime, '
        'executor_execution.handle, executor_execution.phase, executor_execution.exit_code, '
        'executor_execution.message, executor_execution.start_time, '
        'executor_execution.end_time, executor_execution.captured_size, '
        'executor_execution.revision FROM executor_execution WHERE executor_execution.phase '
        "!= 'ENDED' ORDER BY executor_execution.id"
    ),
    columns=(
        ("id", "uuid"),
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("incarnation", "uuid"),
        ("runtime", "text"),
        ("handle", "text"),
        ("phase", "text"),
        ("exit_code", "int"),
        ("message", "text"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("captured_size", "int"),
        ("revision", "int"),
    ),
)

FORGET = Statement(
    name="executor.FORGET",
    sqlite=(
        'DELETE FROM executor_execution WHERE executor_execution.id IN (SELECT '
        'executor_execution.id FROM executor_execution WHERE executor_execution.phase = '
        "'ENDED' AND executor_execution.end_time < ?1  LIMIT ?2 OFFSET 0)"
    ),
    postgresql=(
        'DELETE FROM executor_execution WHERE executor_execution.id IN (SELECT '
        'executor_execution.id FROM executor_execution WHERE executor_execution.phase = '
        "'ENDED' AND executor_execution.end_time < $1::timestamptz  LIMIT $2::bigint)"
    ),
    binds=(
        ("older_than", "time"),
        ("limit", "int"),
    ),
)
