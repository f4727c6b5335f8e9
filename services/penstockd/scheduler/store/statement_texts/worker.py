"""Generated from statements/worker.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

SAVE_WORKER = Statement(
    name="scheduler.SAVE_WORKER",
    sqlite=(
        'INSERT INTO scheduler_worker (namespace, id, name, work_pool, work_queues, slots, '
        'protocol_version, programs, handlers, execution_address, alive, create_time) VALUES '
        '(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT (namespace, id) DO '
        'UPDATE SET name = excluded.name, work_pool = excluded.work_pool, work_queues = '
        'excluded.work_queues, slots = excluded.slots, protocol_version = '
        'excluded.protocol_version, programs = excluded.programs, handlers = '
        'excluded.handlers, execution_address = excluded.execution_address, alive = '
        'excluded.alive'
    ),
    postgresql=(
        'INSERT INTO scheduler_worker (namespace, id, name, work_pool, work_queues, slots, '
        'protocol_version, programs, handlers, execution_address, alive, create_time) VALUES '
        '($1::text, $2::uuid, $3::text, $4::text, $5::jsonb, $6::bigint, $7::bigint, '
        '$8::jsonb, $9::jsonb, $10::text, $11::boolean, $12::timestamptz) ON CONFLICT '
        '(namespace, id) DO UPDATE SET name = excluded.name, work_pool = excluded.work_pool, '
        'work_queues = excluded.work_queues, slots = excluded.slots, protocol_version = '
        'excluded.protocol_version, programs = excluded.programs, handlers = '
        'excluded.handlers, execution_address = excluded.execution_address, alive = '
        'excluded.alive'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("name", "text"),
        ("work_pool", "text"),
        ("work_queues", "json"),
        ("slots", "int"),
        ("protocol_version", "int"),
        ("programs", "json"),
        ("handlers", "json"),
        ("execution_address", "text"),
        ("alive", "bool"),
        ("create_time", "time"),
    ),
)

WORKER = Statement(
    name="scheduler.WORKER",
    sqlite=(
        'SELECT scheduler_worker.namespace, scheduler_worker.id, scheduler_worker.name, '
        'scheduler_worker.work_pool, scheduler_worker.work_queues, scheduler_worker.slots, '
        'scheduler_worker.protocol_version, scheduler_worker.programs, '
        'scheduler_worker.handlers, scheduler_worker.execution_address, '
        'scheduler_worker.alive, scheduler_worker.create_time FROM scheduler_worker WHERE '
        'scheduler_worker.namespace = ?1 AND scheduler_worker.id = ?2'
    ),
    postgresql=(
        'SELECT scheduler_worker.namespace, scheduler_worker.id, scheduler_worker.name, '
        'scheduler_worker.work_pool, scheduler_worker.work_queues, scheduler_worker.slots, '
        'scheduler_worker.protocol_version, scheduler_worker.programs, '
        'scheduler_worker.handlers, scheduler_worker.execution_address, '
        'scheduler_worker.alive, scheduler_worker.create_time FROM scheduler_worker WHERE '
        'scheduler_worker.namespace = $1::text AND scheduler_worker.id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("name", "text"),
        ("work_pool", "text"),
        ("work_queues", "json"),
        ("slots", "int"),
        ("protocol_version", "int"),
        ("programs", "json"),
        ("handlers", "json"),
        ("execution_address", "text"),
        ("alive", "bool"),
        ("create_time", "time"),
    ),
)

WORKERS = Statement(
    name="scheduler.WORKERS",
    sqlite=(
        'SELECT scheduler_worker.namespace, scheduler_worker.id, scheduler_worker.name, '
        'scheduler_worker.work_pool, scheduler_worker.work_queues, scheduler_worker.slots, '
        'scheduler_worker.protocol_version, scheduler_worker.programs, '
        'scheduler_worker.handlers, scheduler_worker.execution_address, '
        'scheduler_worker.alive, scheduler_worker.create_time FROM scheduler_worker WHERE '
        'scheduler_worker.namespace = ?1 AND (length(?2) = 0 OR scheduler_worker.id IN (WITH '
        'RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at + 16 '
        '< length(?2)) SELECT substr(?2, at, 16) FROM place)) AND (json_array_length(?3) = 0 '
        'OR scheduler_worker.work_pool IN (SELECT value FROM json_each(?3))) AND (?4 IS 0 OR '
        'scheduler_worker.alive IS 1) AND (scheduler_worker.create_time < ?5 OR '
        'scheduler_worker.create_time = ?5 AND scheduler_worker.id < ?6) ORDER BY '
        'scheduler_worker.create_time DESC, scheduler_worker.id DESC  LIMIT ?7 OFFSET 0'
    ),
    postgresql=(
        'SELECT scheduler_worker.namespace, scheduler_worker.id, scheduler_worker.name, '
        'scheduler_worker.work_pool, scheduler_worker.work_queues, scheduler_worker.slots, '
        'scheduler_worker.protocol_version, scheduler_worker.programs, '
        'scheduler_worker.handlers, scheduler_worker.execution_address, '
        'scheduler_worker.alive, scheduler_worker.create_time FROM scheduler_worker WHERE '
        'scheduler_worker.namespace = $1::text AND (cardinality($2::uuid[]) = 0 OR '
        'scheduler_worker.id = ANY($2::uuid[])) AND (cardinality($3::text[]) = 0 OR '
        'scheduler_worker.work_pool = ANY($3::text[])) AND ($4::boolean IS false OR '
        'scheduler_worker.alive IS true) AND (scheduler_worker.create_time < $5::timestamptz '
        'OR scheduler_worker.create_time = $5::timestamptz AND scheduler_worker.id < '
        '$6::uuid) ORDER BY scheduler_worker.create_time DESC, scheduler_worker.id DESC  '
        'LIMIT $7::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("worker_ids", "uuid[]"),
        ("work_pools", "text[]"),
        ("alive_only", "bool"),
        ("before_time", "time"),
        ("before_id", "uuid"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("name", "text"),
        ("work_pool", "text"),
        ("work_queues", "json"),
        ("slots", "int"),
        ("protocol_version", "int"),
        ("programs", "json"),
        ("handlers", "json"),
        ("execution_address", "text"),
        ("alive", "bool"),
        ("create_time", "time"),
    ),
)

SET_ALIVE = Statement(
    name="scheduler.SET_ALIVE",
    sqlite=(
        'UPDATE scheduler_worker SET alive=?1 WHERE scheduler_worker.namespace = ?2 AND '
        'scheduler_worker.id = ?3'
    ),
    postgresql=(
        'UPDATE scheduler_worker SET alive=$1::boolean WHERE scheduler_worker.namespace = '
        '$2::text AND scheduler_worker.id = $3::uuid'
    ),
    binds=(
        ("now_alive", "bool"),
        ("namespace", "text"),
        ("worker_id", "uuid"),
    ),
)

SET_ALL_DEAD = Statement(
    name="scheduler.SET_ALL_DEAD",
    sqlite=(
        'UPDATE scheduler_worker SET alive=0 WHERE scheduler_worker.namespace = ?1'
    ),
    postgresql=(
        'UPDATE scheduler_worker SET alive=false WHERE scheduler_worker.namespace = $1::text'
    ),
    binds=(
        ("namespace", "text"),
    ),
)

WORKER_NAMESPACES = Statement(
    name="scheduler.WORKER_NAMESPACES",
    sqlite=(
        'SELECT DISTINCT scheduler_worker.namespace FROM scheduler_worker ORDER BY '
        'scheduler_worker.namespace'
    ),
    postgresql=(
        'SELECT DISTINCT scheduler_worker.namespace FROM scheduler_worker ORDER BY '
        'scheduler_worker.namespace'
    ),
    columns=(
        ("namespace", "text"),
    ),
)

COUNT_LIVE_WORKERS = Statement(
    name="scheduler.COUNT_LIVE_WORKERS",
    sqlite=(
        'SELECT count(*) AS count FROM scheduler_worker WHERE scheduler_worker.namespace = '
        '?1 AND scheduler_worker.work_pool = ?2 AND scheduler_worker.alive IS 1 AND '
        '(json_array_length(?3) = 0 OR EXISTS (SELECT 1 FROM '
        'json_each(scheduler_worker.work_queues) WHERE value IN (SELECT value FROM '
        'json_each(?3))))'
    ),
    postgresql=(
        'SELECT count(*) AS count FROM scheduler_worker WHERE scheduler_worker.namespace = '
        '$1::text AND scheduler_worker.work_pool = $2::text AND scheduler_worker.alive IS '
        'true AND (cardinality($3::text[]) = 0 OR scheduler_worker.work_queues ?| $3::text[])'
    ),
    binds=(
        ("namespace", "text"),
        ("work_pool", "text"),
        ("work_queues", "text[]"),
    ),
    columns=(
        ("count", "int"),
    ),
)

DELETE_WORKERS_OF_POOL = Statement(
    name="scheduler.DELETE_WORKERS_OF_POOL",
    sqlite=(
        'DELETE FROM scheduler_worker WHERE scheduler_worker.namespace = ?1 AND '
        'scheduler_worker.work_pool = ?2'
    ),
    postgresql=(
        'DELETE FROM scheduler_worker WHERE scheduler_worker.namespace = $1::text AND '
        'scheduler_worker.work_pool = $2::text'
    ),
    binds=(
        ("namespace", "text"),
        ("work_pool", "text"),
    ),
)
