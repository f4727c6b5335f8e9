"""Generated from statements.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

KNOWN_ANSWER = Statement(
    name="scheduler.KNOWN_ANSWER",
    sqlite=(
        'SELECT scheduler_request_log.request_hash, scheduler_request_log.response FROM '
        'scheduler_request_log WHERE scheduler_request_log.namespace = ?1 AND '
        'scheduler_request_log.method = ?2 AND scheduler_request_log.request_id = ?3'
    ),
    postgresql=(
        'SELECT scheduler_request_log.request_hash, scheduler_request_log.response FROM '
        'scheduler_request_log WHERE scheduler_request_log.namespace = $1::text AND '
        'scheduler_request_log.method = $2::text AND scheduler_request_log.request_id = '
        '$3::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("method", "text"),
        ("request_id", "uuid"),
    ),
    columns=(
        ("request_hash", "bytes"),
        ("response", "bytes"),
    ),
)

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

GET_WORK_POOL = Statement(
    name="scheduler.GET_WORK_POOL",
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

LIST_WORK_POOLS = Statement(
    name="scheduler.LIST_WORK_POOLS",
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

LIST_WORK_QUEUES = Statement(
    name="scheduler.LIST_WORK_QUEUES",
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

GET_WORKER = Statement(
    name="scheduler.GET_WORKER",
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

LIST_WORKERS = Statement(
    name="scheduler.LIST_WORKERS",
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

LIST_NAMESPACES = Statement(
    name="scheduler.LIST_NAMESPACES",
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

INSERT_DEPLOYMENT = Statement(
    name="scheduler.INSERT_DEPLOYMENT",
    sqlite=(
        'INSERT INTO scheduler_deployment (namespace, id, flow_name, name, version, '
        'create_time) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO scheduler_deployment (namespace, id, flow_name, name, version, '
        'create_time) VALUES ($1::text, $2::uuid, $3::text, $4::text, $5::bigint, '
        '$6::timestamptz) ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("flow_name", "text"),
        ("name", "text"),
        ("version", "int"),
        ("create_time", "time"),
    ),
)

LOCK_DEPLOYMENT = Statement(
    name="scheduler.LOCK_DEPLOYMENT",
    sqlite=(
        'SELECT scheduler_deployment.id FROM scheduler_deployment WHERE '
        'scheduler_deployment.namespace = ?1 AND scheduler_deployment.flow_name = ?2 AND '
        'scheduler_deployment.name = ?3'
    ),
    postgresql=(
        'SELECT scheduler_deployment.id FROM scheduler_deployment WHERE '
        'scheduler_deployment.namespace = $1::text AND scheduler_deployment.flow_name = '
        '$2::text AND scheduler_deployment.name = $3::text FOR UPDATE'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_name", "text"),
        ("name", "text"),
    ),
    columns=(
        ("id", "uuid"),
    ),
)

SET_DEPLOYMENT_VERSION = Statement(
    name="scheduler.SET_DEPLOYMENT_VERSION",
    sqlite=(
        'UPDATE scheduler_deployment SET version=?1 WHERE scheduler_deployment.namespace = '
        '?2 AND scheduler_deployment.id = ?3 AND scheduler_deployment.version = ?4'
    ),
    postgresql=(
        'UPDATE scheduler_deployment SET version=$1::bigint WHERE '
        'scheduler_deployment.namespace = $2::text AND scheduler_deployment.id = $3::uuid '
        'AND scheduler_deployment.version = $4::bigint'
    ),
    binds=(
        ("version_now", "int"),
        ("namespace", "text"),
        ("deployment_id", "uuid"),
        ("version_before", "int"),
    ),
)

INSERT_DEPLOYMENT_VERSION = Statement(
    name="scheduler.INSERT_DEPLOYMENT_VERSION",
    sqlite=(
        'INSERT INTO scheduler_deployment_version (namespace, deployment_id, version, '
        'entrypoint, interpreter, working_dir, sys_path, source_digest, flow_version, '
        'work_pool, work_queue, parameters, parameter_schema, tags, description, '
        'max_retries, retry_delays, update_time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, '
        '?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)'
    ),
    postgresql=(
        'INSERT INTO scheduler_deployment_version (namespace, deployment_id, version, '
        'entrypoint, interpreter, working_dir, sys_path, source_digest, flow_version, '
        'work_pool, work_queue, parameters, parameter_schema, tags, description, '
        'max_retries, retry_delays, update_time) VALUES ($1::text, $2::uuid, $3::bigint, '
        '$4::text, $5::text, $6::text, $7::jsonb, $8::text, $9::text, $10::text, $11::text, '
        '$12::text, $13::text, $14::jsonb, $15::text, $16::bigint, $17::jsonb, '
        '$18::timestamptz)'
    ),
    binds=(
        ("namespace", "text"),
        ("deployment_id", "uuid"),
        ("version", "int"),
        ("entrypoint", "text"),
        ("interpreter", "text"),
        ("working_dir", "text"),
        ("sys_path", "json"),
        ("source_digest", "text"),
        ("flow_version", "text"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("parameters", "text"),
        ("parameter_schema", "text"),
        ("tags", "json"),
        ("description", "text"),
        ("max_retries", "int"),
        ("retry_delays", "json"),
        ("update_time", "time"),
    ),
)

GET_DEPLOYMENT_BY_ID = Statement(
    name="scheduler.GET_DEPLOYMENT_BY_ID",
    sqlite=(
        'SELECT scheduler_deployment.id, scheduler_deployment.flow_name, '
        'scheduler_deployment.name, scheduler_deployment.create_time, '
        'scheduler_deployment_version.namespace, scheduler_deployment_version.version, '
        'scheduler_deployment_version.entrypoint, scheduler_deployment_version.interpreter, '
        'scheduler_deployment_version.working_dir, scheduler_deployment_version.sys_path, '
        'scheduler_deployment_version.source_digest, '
        'scheduler_deployment_version.flow_version, scheduler_deployment_version.work_pool, '
        'scheduler_deployment_version.work_queue, scheduler_deployment_version.parameters, '
        'scheduler_deployment_version.parameter_schema, scheduler_deployment_version.tags, '
        'scheduler_deployment_version.description, scheduler_deployment_version.max_retries, '
        'scheduler_deployment_version.retry_delays, scheduler_deployment_version.update_time '
        'FROM scheduler_deployment JOIN scheduler_deployment_version ON '
        'scheduler_deployment_version.namespace = scheduler_deployment.namespace AND '
        'scheduler_deployment_version.deployment_id = scheduler_deployment.id AND '
        'scheduler_deployment_version.version = scheduler_deployment.version WHERE '
        'scheduler_deployment.namespace = ?1 AND scheduler_deployment.id = ?2'
    ),
    postgresql=(
        'SELECT scheduler_deployment.id, scheduler_deployment.flow_name, '
        'scheduler_deployment.name, scheduler_deployment.create_time, '
        'scheduler_deployment_version.namespace, scheduler_deployment_version.version, '
        'scheduler_deployment_version.entrypoint, scheduler_deployment_version.interpreter, '
        'scheduler_deployment_version.working_dir, scheduler_deployment_version.sys_path, '
        'scheduler_deployment_version.source_digest, '
        'scheduler_deployment_version.flow_version, scheduler_deployment_version.work_pool, '
        'scheduler_deployment_version.work_queue, scheduler_deployment_version.parameters, '
        'scheduler_deployment_version.parameter_schema, scheduler_deployment_version.tags, '
        'scheduler_deployment_version.description, scheduler_deployment_version.max_retries, '
        'scheduler_deployment_version.retry_delays, scheduler_deployment_version.update_time '
        'FROM scheduler_deployment JOIN scheduler_deployment_version ON '
        'scheduler_deployment_version.namespace = scheduler_deployment.namespace AND '
        'scheduler_deployment_version.deployment_id = scheduler_deployment.id AND '
        'scheduler_deployment_version.version = scheduler_deployment.version WHERE '
        'scheduler_deployment.namespace = $1::text AND scheduler_deployment.id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("id", "uuid"),
        ("flow_name", "text"),
        ("name", "text"),
        ("create_time", "time"),
        ("namespace", "text"),
        ("version", "int"),
        ("entrypoint", "text"),
        ("interpreter", "text"),
        ("working_dir", "text"),
        ("sys_path", "json"),
        ("source_digest", "text"),
        ("flow_version", "text"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("parameters", "text"),
        ("parameter_schema", "text"),
        ("tags", "json"),
        ("description", "text"),
        ("max_retries", "int"),
        ("retry_delays", "json"),
        ("update_time", "time"),
    ),
)

GET_DEPLOYMENT_BY_NAME = Statement(
    name="scheduler.GET_DEPLOYMENT_BY_NAME",
    sqlite=(
        'SELECT scheduler_deployment.id, scheduler_deployment.flow_name, '
        'scheduler_deployment.name, scheduler_deployment.create_time, '
        'scheduler_deployment_version.namespace, scheduler_deployment_version.version, '
        'scheduler_deployment_version.entrypoint, scheduler_deployment_version.interpreter, '
        'scheduler_deployment_version.working_dir, scheduler_deployment_version.sys_path, '
        'scheduler_deployment_version.source_digest, '
        'scheduler_deployment_version.flow_version, scheduler_deployment_version.work_pool, '
        'scheduler_deployment_version.work_queue, scheduler_deployment_version.parameters, '
        'scheduler_deployment_version.parameter_schema, scheduler_deployment_version.tags, '
        'scheduler_deployment_version.description, scheduler_deployment_version.max_retries, '
        'scheduler_deployment_version.retry_delays, scheduler_deployment_version.update_time '
        'FROM scheduler_deployment JOIN scheduler_deployment_version ON '
        'scheduler_deployment_version.namespace = scheduler_deployment.namespace AND '
        'scheduler_deployment_version.deployment_id = scheduler_deployment.id AND '
        'scheduler_deployment_version.version = scheduler_deployment.version WHERE '
        'scheduler_deployment.namespace = ?1 AND scheduler_deployment.flow_name = ?2 AND '
        'scheduler_deployment.name = ?3'
    ),
    postgresql=(
        'SELECT scheduler_deployment.id, scheduler_deployment.flow_name, '
        'scheduler_deployment.name, scheduler_deployment.create_time, '
        'scheduler_deployment_version.namespace, scheduler_deployment_version.version, '
        'scheduler_deployment_version.entrypoint, scheduler_deployment_version.interpreter, '
        'scheduler_deployment_version.working_dir, scheduler_deployment_version.sys_path, '
        'scheduler_deployment_version.source_digest, '
        'scheduler_deployment_version.flow_version, scheduler_deployment_version.work_pool, '
        'scheduler_deployment_version.work_queue, scheduler_deployment_version.parameters, '
        'scheduler_deployment_version.parameter_schema, scheduler_deployment_version.tags, '
        'scheduler_deployment_version.description, scheduler_deployment_version.max_retries, '
        'scheduler_deployment_version.retry_delays, scheduler_deployment_version.update_time '
        'FROM scheduler_deployment JOIN scheduler_deployment_version ON '
        'scheduler_deployment_version.namespace = scheduler_deployment.namespace AND '
        'scheduler_deployment_version.deployment_id = scheduler_deployment.id AND '
        'scheduler_deployment_version.version = scheduler_deployment.version WHERE '
        'scheduler_deployment.namespace = $1::text AND scheduler_deployment.flow_name = '
        '$2::text AND scheduler_deployment.name = $3::text'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_name", "text"),
        ("name", "text"),
    ),
    columns=(
        ("id", "uuid"),
        ("flow_name", "text"),
        ("name", "text"),
        ("create_time", "time"),
        ("namespace", "text"),
        ("version", "int"),
        ("entrypoint", "text"),
        ("interpreter", "text"),
        ("working_dir", "text"),
        ("sys_path", "json"),
        ("source_digest", "text"),
        ("flow_version", "text"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("parameters", "text"),
        ("parameter_schema", "text"),
        ("tags", "json"),
        ("description", "text"),
        ("max_retries", "int"),
        ("retry_delays", "json"),
        ("update_time", "time"),
    ),
)

LIST_DEPLOYMENTS = Statement(
    name="scheduler.LIST_DEPLOYMENTS",
    sqlite=(
        'SELECT scheduler_deployment.id, scheduler_deployment.flow_name, '
        'scheduler_deployment.name, scheduler_deployment.create_time, '
        'scheduler_deployment_version.namespace, scheduler_deployment_version.version, '
        'scheduler_deployment_version.entrypoint, scheduler_deployment_version.interpreter, '
        'scheduler_deployment_version.working_dir, scheduler_deployment_version.sys_path, '
        'scheduler_deployment_version.source_digest, '
        'scheduler_deployment_version.flow_version, scheduler_deployment_version.work_pool, '
        'scheduler_deployment_version.work_queue, scheduler_deployment_version.parameters, '
        'scheduler_deployment_version.parameter_schema, scheduler_deployment_version.tags, '
        'scheduler_deployment_version.description, scheduler_deployment_version.max_retries, '
        'scheduler_deployment_version.retry_delays, scheduler_deployment_version.update_time '
        'FROM scheduler_deployment JOIN scheduler_deployment_version ON '
        'scheduler_deployment_version.namespace = scheduler_deployment.namespace AND '
        'scheduler_deployment_version.deployment_id = scheduler_deployment.id AND '
        'scheduler_deployment_version.version = scheduler_deployment.version WHERE '
        "scheduler_deployment.namespace = ?1 AND (?2 = '' OR scheduler_deployment.flow_name "
        '= ?2) AND (scheduler_deployment.flow_name > ?3 OR scheduler_deployment.flow_name = '
        '?3 AND scheduler_deployment.name > ?4) ORDER BY scheduler_deployment.flow_name, '
        'scheduler_deployment.name  LIMIT ?5 OFFSET 0'
    ),
    postgresql=(
        'SELECT scheduler_deployment.id, scheduler_deployment.flow_name, '
        'scheduler_deployment.name, scheduler_deployment.create_time, '
        'scheduler_deployment_version.namespace, scheduler_deployment_version.version, '
        'scheduler_deployment_version.entrypoint, scheduler_deployment_version.interpreter, '
        'scheduler_deployment_version.working_dir, scheduler_deployment_version.sys_path, '
        'scheduler_deployment_version.source_digest, '
        'scheduler_deployment_version.flow_version, scheduler_deployment_version.work_pool, '
        'scheduler_deployment_version.work_queue, scheduler_deployment_version.parameters, '
        'scheduler_deployment_version.parameter_schema, scheduler_deployment_version.tags, '
        'scheduler_deployment_version.description, scheduler_deployment_version.max_retries, '
        'scheduler_deployment_version.retry_delays, scheduler_deployment_version.update_time '
        'FROM scheduler_deployment JOIN scheduler_deployment_version ON '
        'scheduler_deployment_version.namespace = scheduler_deployment.namespace AND '
        'scheduler_deployment_version.deployment_id = scheduler_deployment.id AND '
        'scheduler_deployment_version.version = scheduler_deployment.version WHERE '
        "scheduler_deployment.namespace = $1::text AND ($2::text = '' OR "
        'scheduler_deployment.flow_name = $2::text) AND (scheduler_deployment.flow_name > '
        '$3::text OR scheduler_deployment.flow_name = $3::text AND scheduler_deployment.name '
        '> $4::text) ORDER BY scheduler_deployment.flow_name, scheduler_deployment.name  '
        'LIMIT $5::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("of_flow", "text"),
        ("after_flow", "text"),
        ("after_name", "text"),
        ("limit", "int"),
    ),
    columns=(
        ("id", "uuid"),
        ("flow_name", "text"),
        ("name", "text"),
        ("create_time", "time"),
        ("namespace", "text"),
        ("version", "int"),
        ("entrypoint", "text"),
        ("interpreter", "text"),
        ("working_dir", "text"),
        ("sys_path", "json"),
        ("source_digest", "text"),
        ("flow_version", "text"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("parameters", "text"),
        ("parameter_schema", "text"),
        ("tags", "json"),
        ("description", "text"),
        ("max_retries", "int"),
        ("retry_delays", "json"),
        ("update_time", "time"),
    ),
)

GET_CURSOR = Statement(
    name="scheduler.GET_CURSOR",
    sqlite=(
        'SELECT scheduler_cursor.cursor FROM scheduler_cursor WHERE '
        'scheduler_cursor.namespace = ?1 AND scheduler_cursor.feed = ?2'
    ),
    postgresql=(
        'SELECT scheduler_cursor.cursor FROM scheduler_cursor WHERE '
        'scheduler_cursor.namespace = $1::text AND scheduler_cursor.feed = $2::text'
    ),
    binds=(
        ("namespace", "text"),
        ("feed", "text"),
    ),
    columns=(
        ("cursor", "text"),
    ),
)

SAVE_CURSOR = Statement(
    name="scheduler.SAVE_CURSOR",
    sqlite=(
        'INSERT INTO scheduler_cursor (namespace, feed, cursor) VALUES (?1, ?2, ?3) ON '
        'CONFLICT (namespace, feed) DO UPDATE SET cursor = excluded.cursor'
    ),
    postgresql=(
        'INSERT INTO scheduler_cursor (namespace, feed, cursor) VALUES ($1::text, $2::text, '
        '$3::text) ON CONFLICT (namespace, feed) DO UPDATE SET cursor = excluded.cursor'
    ),
    binds=(
        ("namespace", "text"),
        ("feed", "text"),
        ("cursor", "text"),
    ),
)
