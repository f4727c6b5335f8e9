"""Generated from statements/work_pool.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

INSERT_WORK_POOL = Statement(
    name="scheduler.INSERT_WORK_POOL",
    sqlite=(
        'INSERT INTO scheduler_work_pool (namespace, name, id, type, description, '
        'create_time, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO scheduler_work_pool (namespace, name, id, type, description, '
        'create_time, revision) VALUES ($1::text, $2::text, $3::uuid, $4::text, $5::text, '
        '$6::timestamptz, $7::bigint) ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("type", "text"),
        ("description", "text"),
        ("create_time", "time"),
        ("revision", "int"),
    ),
)

WORK_POOL = Statement(
    name="scheduler.WORK_POOL",
    sqlite=(
        'SELECT scheduler_work_pool.namespace, scheduler_work_pool.name, '
        'scheduler_work_pool.id, scheduler_work_pool.type, scheduler_work_pool.description, '
        'scheduler_work_pool.create_time, scheduler_work_pool.revision, (SELECT count(*) AS '
        'count_1 FROM scheduler_worker WHERE scheduler_worker.namespace = '
        'scheduler_work_pool.namespace AND scheduler_worker.work_pool = '
        'scheduler_work_pool.name AND scheduler_worker.alive IS 1) AS live_workers FROM '
        'scheduler_work_pool WHERE scheduler_work_pool.namespace = ?1 AND '
        'scheduler_work_pool.name = ?2'
    ),
    postgresql=(
        'SELECT scheduler_work_pool.namespace, scheduler_work_pool.name, '
        'scheduler_work_pool.id, scheduler_work_pool.type, scheduler_work_pool.description, '
        'scheduler_work_pool.create_time, scheduler_work_pool.revision, (SELECT count(*) AS '
        'count_1 FROM scheduler_worker WHERE scheduler_worker.namespace = '
        'scheduler_work_pool.namespace AND scheduler_worker.work_pool = '
        'scheduler_work_pool.name AND scheduler_worker.alive IS true) AS live_workers FROM '
        'scheduler_work_pool WHERE scheduler_work_pool.namespace = $1::text AND '
        'scheduler_work_pool.name = $2::text'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
    ),
    columns=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("type", "text"),
        ("description", "text"),
        ("create_time", "time"),
        ("revision", "int"),
        ("live_workers", "int"),
    ),
)

WORK_POOLS = Statement(
    name="scheduler.WORK_POOLS",
    sqlite=(
        'SELECT scheduler_work_pool.namespace, scheduler_work_pool.name, '
        'scheduler_work_pool.id, scheduler_work_pool.type, scheduler_work_pool.description, '
        'scheduler_work_pool.create_time, scheduler_work_pool.revision, (SELECT count(*) AS '
        'count_1 FROM scheduler_worker WHERE scheduler_worker.namespace = '
        'scheduler_work_pool.namespace AND scheduler_worker.work_pool = '
        'scheduler_work_pool.name AND scheduler_worker.alive IS 1) AS live_workers FROM '
        'scheduler_work_pool WHERE scheduler_work_pool.namespace = ?1 AND '
        'scheduler_work_pool.name > ?2 ORDER BY scheduler_work_pool.name  LIMIT ?3 OFFSET 0'
    ),
    postgresql=(
        'SELECT scheduler_work_pool.namespace, scheduler_work_pool.name, '
        'scheduler_work_pool.id, scheduler_work_pool.type, scheduler_work_pool.description, '
        'scheduler_work_pool.create_time, scheduler_work_pool.revision, (SELECT count(*) AS '
        'count_1 FROM scheduler_worker WHERE scheduler_worker.namespace = '
        'scheduler_work_pool.namespace AND scheduler_worker.work_pool = '
        'scheduler_work_pool.name AND scheduler_worker.alive IS true) AS live_workers FROM '
        'scheduler_work_pool WHERE scheduler_work_pool.namespace = $1::text AND '
        'scheduler_work_pool.name > $2::text ORDER BY scheduler_work_pool.name  LIMIT '
        '$3::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("after_name", "text"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("type", "text"),
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
