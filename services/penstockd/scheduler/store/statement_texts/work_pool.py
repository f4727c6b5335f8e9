"""Generated from statements/work_pool.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

INSERT_WORK_POOL = Statement(
    name="scheduler.INSERT_WORK_POOL",
    sqlite=(
        'INSERT INTO scheduler_work_pool (namespace, name, id, pool_type, description, '
        'create_time, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO scheduler_work_pool (namespace, name, id, pool_type, description, '
        'create_time, revision) VALUES ($1::text, $2::text, $3::uuid, $4::text, $5::text, '
        '$6::timestamptz, $7::bigint) ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("pool_type", "text"),
        ("description", "text"),
        ("create_time", "time"),
        ("revision", "int"),
    ),
)

WORK_POOL = Statement(
    name="scheduler.WORK_POOL",
    sqlite=(
        'SELECT scheduler_work_pool.namespace, scheduler_work_pool.name, '
        'scheduler_work_pool.id, scheduler_work_pool.pool_type, '
        'scheduler_work_pool.description, scheduler_work_pool.create_time, '
        'scheduler_work_pool.revision, (SELECT count(*) AS count_1 FROM scheduler_worker '
        'WHERE scheduler_worker.namespace = scheduler_work_pool.namespace AND '
        'scheduler_worker.work_pool = scheduler_work_pool.name AND scheduler_worker.alive IS '
        '1) AS live_workers FROM scheduler_work_pool WHERE scheduler_work_pool.namespace = '
        '?1 AND scheduler_work_pool.name = ?2'
    ),
    postgresql=(
        'SELECT scheduler_work_pool.namespace, scheduler_work_pool.name, '
        'scheduler_work_pool.id, scheduler_work_pool.pool_type, '
        'scheduler_work_pool.description, scheduler_work_pool.create_time, '
        'scheduler_work_pool.revision, (SELECT count(*) AS count_1 FROM scheduler_worker '
        'WHERE scheduler_worker.namespace = scheduler_work_pool.namespace AND '
        'scheduler_worker.work_pool = scheduler_work_pool.name AND scheduler_worker.alive IS '
        'true) AS live_workers FROM scheduler_work_pool WHERE scheduler_work_pool.namespace '
        '= $1::text AND scheduler_work_pool.name = $2::text'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
    ),
    columns=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("pool_type", "text"),
        ("description", "text"),
        ("create_time", "time"),
        ("revision", "int"),
        ("live_workers", "int"),
    ),
)

WORK_POOL_BY_ID = Statement(
    name="scheduler.WORK_POOL_BY_ID",
    sqlite=(
        'SELECT scheduler_work_pool.namespace, scheduler_work_pool.name, '
        'scheduler_work_pool.id, scheduler_work_pool.pool_type, '
        'scheduler_work_pool.description, scheduler_work_pool.create_time, '
        'scheduler_work_pool.revision, (SELECT count(*) AS count_1 FROM scheduler_worker '
        'WHERE scheduler_worker.namespace = scheduler_work_pool.namespace AND '
        'scheduler_worker.work_pool = scheduler_work_pool.name AND scheduler_worker.alive IS '
        '1) AS live_workers FROM scheduler_work_pool WHERE scheduler_work_pool.namespace = '
        '?1 AND scheduler_work_pool.id = ?2'
    ),
    postgresql=(
        'SELECT scheduler_work_pool.namespace, scheduler_work_pool.name, '
        'scheduler_work_pool.id, scheduler_work_pool.pool_type, '
        'scheduler_work_pool.description, scheduler_work_pool.create_time, '
        'scheduler_work_pool.revision, (SELECT count(*) AS count_1 FROM scheduler_worker '
        'WHERE scheduler_worker.namespace = scheduler_work_pool.namespace AND '
        'scheduler_worker.work_pool = scheduler_work_pool.name AND scheduler_worker.alive IS '
        'true) AS live_workers FROM scheduler_work_pool WHERE scheduler_work_pool.namespace '
        '= $1::text AND scheduler_work_pool.id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("pool_type", "text"),
        ("description", "text"),
        ("create_time", "time"),
        ("revision", "int"),
        ("live_workers", "int"),
    ),
)

KEEP_WORK_POOL = Statement(
    name="scheduler.KEEP_WORK_POOL",
    sqlite=(
        'SELECT scheduler_work_pool.name FROM scheduler_work_pool WHERE '
        'scheduler_work_pool.namespace = ?1 AND scheduler_work_pool.name = ?2'
    ),
    postgresql=(
        'SELECT scheduler_work_pool.name FROM scheduler_work_pool WHERE '
        'scheduler_work_pool.namespace = $1::text AND scheduler_work_pool.name = $2::text '
        'FOR KEY SHARE'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
    ),
    columns=(
        ("name", "text"),
    ),
)

LOCK_WORK_POOL = Statement(
    name="scheduler.LOCK_WORK_POOL",
    sqlite=(
        'SELECT scheduler_work_pool.name FROM scheduler_work_pool WHERE '
        'scheduler_work_pool.namespace = ?1 AND scheduler_work_pool.name = ?2'
    ),
    postgresql=(
        'SELECT scheduler_work_pool.name FROM scheduler_work_pool WHERE '
        'scheduler_work_pool.namespace = $1::text AND scheduler_work_pool.name = $2::text '
        'FOR UPDATE'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
    ),
    columns=(
        ("name", "text"),
    ),
)

WORK_POOLS = Statement(
    name="scheduler.WORK_POOLS",
    sqlite=(
        'SELECT scheduler_work_pool.namespace, scheduler_work_pool.name, '
        'scheduler_work_pool.id, scheduler_work_pool.pool_type, '
        'scheduler_work_pool.description, scheduler_work_pool.create_time, '
        'scheduler_work_pool.revision, (SELECT count(*) AS count_1 FROM scheduler_worker '
        'WHERE scheduler_worker.namespace = scheduler_work_pool.namespace AND '
        'scheduler_worker.work_pool = scheduler_work_pool.name AND scheduler_worker.alive IS '
        '1) AS live_workers FROM scheduler_work_pool WHERE scheduler_work_pool.namespace = '
        '?1 AND scheduler_work_pool.name > ?2 AND (json_array_length(?3) = 0 OR '
        'scheduler_work_pool.name IN (SELECT value FROM json_each(?3))) AND '
        '(json_array_length(?4) = 0 OR scheduler_work_pool.pool_type IN (SELECT value FROM '
        'json_each(?4))) ORDER BY scheduler_work_pool.name  LIMIT ?5 OFFSET 0'
    ),
    postgresql=(
        'SELECT scheduler_work_pool.namespace, scheduler_work_pool.name, '
        'scheduler_work_pool.id, scheduler_work_pool.pool_type, '
        'scheduler_work_pool.description, scheduler_work_pool.create_time, '
        'scheduler_work_pool.revision, (SELECT count(*) AS count_1 FROM scheduler_worker '
        'WHERE scheduler_worker.namespace = scheduler_work_pool.namespace AND '
        'scheduler_worker.work_pool = scheduler_work_pool.name AND scheduler_worker.alive IS '
        'true) AS live_workers FROM scheduler_work_pool WHERE scheduler_work_pool.namespace '
        '= $1::text AND scheduler_work_pool.name > $2::text AND (cardinality($3::text[]) = 0 '
        'OR scheduler_work_pool.name = ANY($3::text[])) AND (cardinality($4::text[]) = 0 OR '
        'scheduler_work_pool.pool_type = ANY($4::text[])) ORDER BY scheduler_work_pool.name  '
        'LIMIT $5::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("after_name", "text"),
        ("names", "text[]"),
        ("pool_types", "text[]"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("pool_type", "text"),
        ("description", "text"),
        ("create_time", "time"),
        ("revision", "int"),
        ("live_workers", "int"),
    ),
)

TOUCH_WORK_POOL = Statement(
    name="scheduler.TOUCH_WORK_POOL",
    sqlite=(
        'UPDATE scheduler_work_pool SET revision=(scheduler_work_pool.revision + 1) WHERE '
        'scheduler_work_pool.namespace = ?1 AND scheduler_work_pool.name = ?2'
    ),
    postgresql=(
        'UPDATE scheduler_work_pool SET revision=(scheduler_work_pool.revision + 1) WHERE '
        'scheduler_work_pool.namespace = $1::text AND scheduler_work_pool.name = $2::text'
    ),
    binds=(
        ("namespace", "text"),
        ("work_pool", "text"),
    ),
)

DELETE_WORK_POOL = Statement(
    name="scheduler.DELETE_WORK_POOL",
    sqlite=(
        'DELETE FROM scheduler_work_pool WHERE scheduler_work_pool.namespace = ?1 AND '
        'scheduler_work_pool.name = ?2'
    ),
    postgresql=(
        'DELETE FROM scheduler_work_pool WHERE scheduler_work_pool.namespace = $1::text AND '
        'scheduler_work_pool.name = $2::text'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
    ),
)

INSERT_WORK_QUEUE = Statement(
    name="scheduler.INSERT_WORK_QUEUE",
    sqlite=(
        'INSERT INTO scheduler_work_queue (namespace, work_pool, name, priority, '
        'create_time) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO scheduler_work_queue (namespace, work_pool, name, priority, '
        'create_time) VALUES ($1::text, $2::text, $3::text, $4::bigint, $5::timestamptz) ON '
        'CONFLICT DO NOTHING'
    ),
    binds=(
        ("namespace", "text"),
        ("work_pool", "text"),
        ("name", "text"),
        ("priority", "int"),
        ("create_time", "time"),
    ),
)

WORK_QUEUES = Statement(
    name="scheduler.WORK_QUEUES",
    sqlite=(
        'SELECT scheduler_work_queue.namespace, scheduler_work_queue.work_pool, '
        'scheduler_work_queue.name, scheduler_work_queue.priority, '
        'scheduler_work_queue.create_time FROM scheduler_work_queue WHERE '
        'scheduler_work_queue.namespace = ?1 AND scheduler_work_queue.work_pool IN (SELECT '
        'value FROM json_each(?2)) ORDER BY scheduler_work_queue.priority, '
        'scheduler_work_queue.name'
    ),
    postgresql=(
        'SELECT scheduler_work_queue.namespace, scheduler_work_queue.work_pool, '
        'scheduler_work_queue.name, scheduler_work_queue.priority, '
        'scheduler_work_queue.create_time FROM scheduler_work_queue WHERE '
        'scheduler_work_queue.namespace = $1::text AND scheduler_work_queue.work_pool = '
        'ANY($2::text[]) ORDER BY scheduler_work_queue.priority, scheduler_work_queue.name'
    ),
    binds=(
        ("namespace", "text"),
        ("work_pools", "text[]"),
    ),
    columns=(
        ("namespace", "text"),
        ("work_pool", "text"),
        ("name", "text"),
        ("priority", "int"),
        ("create_time", "time"),
    ),
)

DELETE_WORK_QUEUE = Statement(
    name="scheduler.DELETE_WORK_QUEUE",
    sqlite=(
        'DELETE FROM scheduler_work_queue WHERE scheduler_work_queue.namespace = ?1 AND '
        'scheduler_work_queue.work_pool = ?2 AND scheduler_work_queue.name = ?3'
    ),
    postgresql=(
        'DELETE FROM scheduler_work_queue WHERE scheduler_work_queue.namespace = $1::text '
        'AND scheduler_work_queue.work_pool = $2::text AND scheduler_work_queue.name = '
        '$3::text'
    ),
    binds=(
        ("namespace", "text"),
        ("work_pool", "text"),
        ("name", "text"),
    ),
)

DELETE_WORK_QUEUES = Statement(
    name="scheduler.DELETE_WORK_QUEUES",
    sqlite=(
        'DELETE FROM scheduler_work_queue WHERE scheduler_work_queue.namespace = ?1 AND '
        'scheduler_work_queue.work_pool = ?2'
    ),
    postgresql=(
        'DELETE FROM scheduler_work_queue WHERE scheduler_work_queue.namespace = $1::text '
        'AND scheduler_work_queue.work_pool = $2::text'
    ),
    binds=(
        ("namespace", "text"),
        ("work_pool", "text"),
    ),
)
