"""Generated from statements/deployment.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

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

DEPLOYMENT_BY_ID = Statement(
    name="scheduler.DEPLOYMENT_BY_ID",
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

DEPLOYMENT_BY_NAME = Statement(
    name="scheduler.DEPLOYMENT_BY_NAME",
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

DEPLOYMENTS = Statement(
    name="scheduler.DEPLOYMENTS",
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
