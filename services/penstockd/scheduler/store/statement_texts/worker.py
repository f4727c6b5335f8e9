"""Generated from statements/worker.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

SAVE_WORKER = Statement(
    name="scheduler.SAVE_WORKER",
    sqlite=(
        'INSERT INTO scheduler_worker (namespace, id, name, work_pool, work_queues, slots, '
        'labels, protocol_version, features, alive, create_time) VALUES (?1, ?2, ?3, ?4, ?5, '
        '?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (namespace, id) DO UPDATE SET name = '
        'excluded.name, work_pool = excluded.work_pool, work_queues = excluded.work_queues, '
        'slots = excluded.slots, labels = excluded.labels, protocol_version = '
        'excluded.protocol_version, features = excluded.features, alive = excluded.alive'
    ),
    postgresql=(
        'INSERT INTO scheduler_worker (namespace, id, name, work_pool, work_queues, slots, '
        'labels, protocol_version, features, alive, create_time) VALUES ($1::text, $2::uuid, '
        '$3::text, $4::text, $5::jsonb, $6::bigint, $7::jsonb, $8::bigint, $9::jsonb, '
        '$10::boolean, $11::timestamptz) ON CONFLICT (namespace, id) DO UPDATE SET name = '
        'excluded.name, work_pool = excluded.work_pool, work_queues = excluded.work_queues, '
        'slots = excluded.slots, labels = excluded.labels, protocol_version = '
        'excluded.protocol_version, features = excluded.features, alive = excluded.alive'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("name", "text"),
        ("work_pool", "text"),
        ("work_queues", "json"),
        ("slots", "int"),
        ("labels", "json"),
        ("protocol_version", "int"),
        ("features", "json"),
        ("alive", "bool"),
        ("create_time", "time"),
    ),
)

WORKER = Statement(
    name="scheduler.WORKER",
    sqlite=(
        'SELECT scheduler_worker.namespace, scheduler_worker.id, scheduler_worker.name, '
        'scheduler_worker.work_pool, scheduler_worker.work_queues, scheduler_worker.slots, '
        'scheduler_worker.labels, scheduler_worker.protocol_version, '
        'scheduler_worker.features, scheduler_worker.alive, scheduler_worker.create_time '
        'FROM scheduler_worker WHERE scheduler_worker.namespace = ?1 AND scheduler_worker.id '
        '= ?2'
    ),
    postgresql=(
        'SELECT scheduler_worker.namespace, scheduler_worker.id, scheduler_worker.name, '
        'scheduler_worker.work_pool, scheduler_worker.work_queues, scheduler_worker.slots, '
        'scheduler_worker.labels, scheduler_worker.protocol_version, '
        'scheduler_worker.features, scheduler_worker.alive, scheduler_worker.create_time '
        'FROM scheduler_worker WHERE scheduler_worker.namespace = $1::text AND '
        'scheduler_worker.id = $2::uuid'
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
        ("labels", "json"),
        ("protocol_version", "int"),
        ("features", "json"),
        ("alive", "bool"),
        ("create_time", "time"),
    ),
)

WORKERS = Statement(
    name="scheduler.WORKERS",
    sqlite=(
        'SELECT scheduler_worker.namespace, scheduler_worker.id, scheduler_worker.name, '
        'scheduler_worker.work_pool, scheduler_worker.work_queues, scheduler_worker.slots, '
        'scheduler_worker.labels, scheduler_worker.protocol_version, '
        'scheduler_worker.features, scheduler_worker.alive, scheduler_worker.create_time '
        "FROM scheduler_worker WHERE scheduler_worker.namespace = ?1 AND (?2 = '' OR "
        'scheduler_worker.work_pool = ?2) AND (?3 IS 0 OR scheduler_worker.alive IS 1) AND '
        '(scheduler_worker.create_time < ?4 OR scheduler_worker.create_time = ?4 AND '
        'scheduler_worker.id < ?5) ORDER BY scheduler_worker.create_time DESC, '
        'scheduler_worker.id DESC  LIMIT ?6 OFFSET 0'
    ),
    postgresql=(
        'SELECT scheduler_worker.namespace, scheduler_worker.id, scheduler_worker.name, '
        'scheduler_worker.work_pool, scheduler_worker.work_queues, scheduler_worker.slots, '
        'scheduler_worker.labels, scheduler_worker.protocol_version, '
        'scheduler_worker.features, scheduler_worker.alive, scheduler_worker.create_time '
        'FROM scheduler_worker WHERE scheduler_worker.namespace = $1::text AND ($2::text = '
        "'' OR scheduler_worker.work_pool = $2::text) AND ($3::boolean IS false OR "
        'scheduler_worker.alive IS true) AND (scheduler_worker.create_time < $4::timestamptz '
        'OR scheduler_worker.create_time = $4::timestamptz AND scheduler_worker.id < '
        '$5::uuid) ORDER BY scheduler_worker.create_time DESC, scheduler_worker.id DESC  '
        'LIMIT $6::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("work_pool", "text"),
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
        ("labels", "json"),
        ("protocol_version", "int"),
        ("features", "json"),
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
