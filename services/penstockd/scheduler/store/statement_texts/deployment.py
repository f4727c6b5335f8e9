"""Generated from statements/deployment.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

INSERT_DEPLOYMENT = Statement(
    name="scheduler.INSERT_DEPLOYMENT",
    sqlite=(
        'INSERT INTO scheduler_deployment (namespace, id, flow_name, name, folded_flow_name, '
        'folded_name, version, work_pool, work_queue, tags, description, revision, '
        'create_time, update_time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, '
        '?12, ?13, ?14) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO scheduler_deployment (namespace, id, flow_name, name, folded_flow_name, '
        'folded_name, version, work_pool, work_queue, tags, description, revision, '
        'create_time, update_time) VALUES ($1::text, $2::uuid, $3::text, $4::text, $5::text, '
        '$6::text, $7::bigint, $8::text, $9::text, $10::jsonb, $11::text, $12::bigint, '
        '$13::timestamptz, $14::timestamptz) ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("flow_name", "text"),
        ("name", "text"),
        ("folded_flow_name", "text"),
        ("folded_name", "text"),
        ("version", "int"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("tags", "json"),
        ("description", "text"),
        ("revision", "int"),
        ("create_time", "time"),
        ("update_time", "time"),
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

SAVE_DEPLOYMENT = Statement(
    name="scheduler.SAVE_DEPLOYMENT",
    sqlite=(
        'UPDATE scheduler_deployment SET version=?1, work_pool=?2, work_queue=?3, tags=?4, '
        'description=?5, revision=?6, update_time=?7 WHERE scheduler_deployment.namespace = '
        '?8 AND scheduler_deployment.id = ?9 AND scheduler_deployment.revision = ?10'
    ),
    postgresql=(
        'UPDATE scheduler_deployment SET version=$1::bigint, work_pool=$2::text, '
        'work_queue=$3::text, tags=$4::jsonb, description=$5::text, revision=$6::bigint, '
        'update_time=$7::timestamptz WHERE scheduler_deployment.namespace = $8::text AND '
        'scheduler_deployment.id = $9::uuid AND scheduler_deployment.revision = $10::bigint'
    ),
    binds=(
        ("version", "int"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("tags", "json"),
        ("description", "text"),
        ("revision", "int"),
        ("update_time", "time"),
        ("namespace", "text"),
        ("id", "uuid"),
        ("known_revision", "int"),
    ),
)

INSERT_DEPLOYMENT_VERSION = Statement(
    name="scheduler.INSERT_DEPLOYMENT_VERSION",
    sqlite=(
        'INSERT INTO scheduler_deployment_version (namespace, deployment_id, version, spec, '
        'parameters, parameter_schema, create_time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)'
    ),
    postgresql=(
        'INSERT INTO scheduler_deployment_version (namespace, deployment_id, version, spec, '
        'parameters, parameter_schema, create_time) VALUES ($1::text, $2::uuid, $3::bigint, '
        '$4::bytea, $5::bytea, $6::bytea, $7::timestamptz)'
    ),
    binds=(
        ("namespace", "text"),
        ("deployment_id", "uuid"),
        ("version", "int"),
        ("spec", "bytes"),
        ("parameters", "bytes"),
        ("parameter_schema", "bytes"),
        ("create_time", "time"),
    ),
)

DEPLOYMENT_BY_ID = Statement(
    name="scheduler.DEPLOYMENT_BY_ID",
    sqlite=(
        'SELECT scheduler_deployment.namespace, scheduler_deployment.id, '
        'scheduler_deployment.name, scheduler_deployment.version, scheduler_deployment.tags, '
        'scheduler_deployment.description, scheduler_deployment.revision, '
        'scheduler_deployment.create_time, scheduler_deployment.update_time, '
        'scheduler_deployment_version.spec, scheduler_deployment_version.parameters, '
        'scheduler_deployment_version.parameter_schema FROM scheduler_deployment JOIN '
        'scheduler_deployment_version ON scheduler_deployment_version.namespace = '
        'scheduler_deployment.namespace AND scheduler_deployment_version.deployment_id = '
        'scheduler_deployment.id AND scheduler_deployment_version.version = '
        'scheduler_deployment.version WHERE scheduler_deployment.namespace = ?1 AND '
        'scheduler_deployment.id = ?2'
    ),
    postgresql=(
        'SELECT scheduler_deployment.namespace, scheduler_deployment.id, '
        'scheduler_deployment.name, scheduler_deployment.version, scheduler_deployment.tags, '
        'scheduler_deployment.description, scheduler_deployment.revision, '
        'scheduler_deployment.create_time, scheduler_deployment.update_time, '
        'scheduler_deployment_version.spec, scheduler_deployment_version.parameters, '
        'scheduler_deployment_version.parameter_schema FROM scheduler_deployment JOIN '
        'scheduler_deployment_version ON scheduler_deployment_version.namespace = '
        'scheduler_deployment.namespace AND scheduler_deployment_version.deployment_id = '
        'scheduler_deployment.id AND scheduler_deployment_version.version = '
        'scheduler_deployment.version WHERE scheduler_deployment.namespace = $1::text AND '
        'scheduler_deployment.id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("name", "text"),
        ("version", "int"),
        ("tags", "json"),
        ("description", "text"),
        ("revision", "int"),
        ("create_time", "time"),
        ("update_time", "time"),
        ("spec", "bytes"),
        ("parameters", "bytes"),
        ("parameter_schema", "bytes"),
    ),
)

DEPLOYMENT_BY_NAME = Statement(
    name="scheduler.DEPLOYMENT_BY_NAME",
    sqlite=(
        'SELECT scheduler_deployment.namespace, scheduler_deployment.id, '
        'scheduler_deployment.name, scheduler_deployment.version, scheduler_deployment.tags, '
        'scheduler_deployment.description, scheduler_deployment.revision, '
        'scheduler_deployment.create_time, scheduler_deployment.update_time, '
        'scheduler_deployment_version.spec, scheduler_deployment_version.parameters, '
        'scheduler_deployment_version.parameter_schema FROM scheduler_deployment JOIN '
        'scheduler_deployment_version ON scheduler_deployment_version.namespace = '
        'scheduler_deployment.namespace AND scheduler_deployment_version.deployment_id = '
        'scheduler_deployment.id AND scheduler_deployment_version.version = '
        'scheduler_deployment.version WHERE scheduler_deployment.namespace = ?1 AND '
        'scheduler_deployment.flow_name = ?2 AND scheduler_deployment.name = ?3'
    ),
    postgresql=(
        'SELECT scheduler_deployment.namespace, scheduler_deployment.id, '
        'scheduler_deployment.name, scheduler_deployment.version, scheduler_deployment.tags, '
        'scheduler_deployment.description, scheduler_deployment.revision, '
        'scheduler_deployment.create_time, scheduler_deployment.update_time, '
        'scheduler_deployment_version.spec, scheduler_deployment_version.parameters, '
        'scheduler_deployment_version.parameter_schema FROM scheduler_deployment JOIN '
        'scheduler_deployment_version ON scheduler_deployment_version.namespace = '
        'scheduler_deployment.namespace AND scheduler_deployment_version.deployment_id = '
        'scheduler_deployment.id AND scheduler_deployment_version.version = '
        'scheduler_deployment.version WHERE scheduler_deployment.namespace = $1::text AND '
        'scheduler_deployment.flow_name = $2::text AND scheduler_deployment.name = $3::text'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_name", "text"),
        ("name", "text"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("name", "text"),
        ("version", "int"),
        ("tags", "json"),
        ("description", "text"),
        ("revision", "int"),
        ("create_time", "time"),
        ("update_time", "time"),
        ("spec", "bytes"),
        ("parameters", "bytes"),
        ("parameter_schema", "bytes"),
    ),
)

DEPLOYMENTS = Statement(
    name="scheduler.DEPLOYMENTS",
    sqlite=(
        'SELECT scheduler_deployment.namespace, scheduler_deployment.id, '
        'scheduler_deployment.name, scheduler_deployment.version, scheduler_deployment.tags, '
        'scheduler_deployment.description, scheduler_deployment.revision, '
        'scheduler_deployment.create_time, scheduler_deployment.update_time, '
        'scheduler_deployment_version.spec FROM scheduler_deployment JOIN '
        'scheduler_deployment_version ON scheduler_deployment_version.namespace = '
        'scheduler_deployment.namespace AND scheduler_deployment_version.deployment_id = '
        'scheduler_deployment.id AND scheduler_deployment_version.version = '
        'scheduler_deployment.version WHERE scheduler_deployment.namespace = ?1 AND '
        '(json_array_length(?2) = 0 OR scheduler_deployment.flow_name IN (SELECT value FROM '
        'json_each(?2))) AND (json_array_length(?3) = 0 OR scheduler_deployment.work_pool IN '
        '(SELECT value FROM json_each(?3))) AND (json_array_length(?4) = 0 OR EXISTS (SELECT '
        '1 FROM json_each(scheduler_deployment.tags) WHERE value IN (SELECT value FROM '
        'json_each(?4)))) AND (instr(scheduler_deployment.folded_flow_name, ?5) > 0 OR '
        'instr(scheduler_deployment.folded_name, ?5) > 0) AND '
        '(scheduler_deployment.flow_name > ?6 OR scheduler_deployment.flow_name = ?6 AND '
        'scheduler_deployment.name > ?7) ORDER BY scheduler_deployment.flow_name, '
        'scheduler_deployment.name  LIMIT ?8 OFFSET 0'
    ),
    postgresql=(
        'SELECT scheduler_deployment.namespace, scheduler_deployment.id, '
        'scheduler_deployment.name, scheduler_deployment.version, scheduler_deployment.tags, '
        'scheduler_deployment.description, scheduler_deployment.revision, '
        'scheduler_deployment.create_time, scheduler_deployment.update_time, '
        'scheduler_deployment_version.spec FROM scheduler_deployment JOIN '
        'scheduler_deployment_version ON scheduler_deployment_version.namespace = '
        'scheduler_deployment.namespace AND scheduler_deployment_version.deployment_id = '
        'scheduler_deployment.id AND scheduler_deployment_version.version = '
        'scheduler_deployment.version WHERE scheduler_deployment.namespace = $1::text AND '
        '(cardinality($2::text[]) = 0 OR scheduler_deployment.flow_name = ANY($2::text[])) '
        'AND (cardinality($3::text[]) = 0 OR scheduler_deployment.work_pool = '
        'ANY($3::text[])) AND (cardinality($4::text[]) = 0 OR scheduler_deployment.tags ?| '
        '$4::text[]) AND (strpos(scheduler_deployment.folded_flow_name, $5::text) > 0 OR '
        'strpos(scheduler_deployment.folded_name, $5::text) > 0) AND '
        '(scheduler_deployment.flow_name > $6::text OR scheduler_deployment.flow_name = '
        '$6::text AND scheduler_deployment.name > $7::text) ORDER BY '
        'scheduler_deployment.flow_name, scheduler_deployment.name  LIMIT $8::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_names", "text[]"),
        ("work_pools", "text[]"),
        ("tags", "text[]"),
        ("name_contains", "text"),
        ("after_flow", "text"),
        ("after_name", "text"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("name", "text"),
        ("version", "int"),
        ("tags", "json"),
        ("description", "text"),
        ("revision", "int"),
        ("create_time", "time"),
        ("update_time", "time"),
        ("spec", "bytes"),
    ),
)

WHOLE_DEPLOYMENTS = Statement(
    name="scheduler.WHOLE_DEPLOYMENTS",
    sqlite=(
        'SELECT scheduler_deployment.namespace, scheduler_deployment.id, '
        'scheduler_deployment.name, scheduler_deployment.version, scheduler_deployment.tags, '
        'scheduler_deployment.description, scheduler_deployment.revision, '
        'scheduler_deployment.create_time, scheduler_deployment.update_time, '
        'scheduler_deployment_version.spec, scheduler_deployment_version.parameters, '
        'scheduler_deployment_version.parameter_schema FROM scheduler_deployment JOIN '
        'scheduler_deployment_version ON scheduler_deployment_version.namespace = '
        'scheduler_deployment.namespace AND scheduler_deployment_version.deployment_id = '
        'scheduler_deployment.id AND scheduler_deployment_version.version = '
        'scheduler_deployment.version WHERE scheduler_deployment.namespace = ?1 AND '
        '(json_array_length(?2) = 0 OR scheduler_deployment.flow_name IN (SELECT value FROM '
        'json_each(?2))) AND (json_array_length(?3) = 0 OR scheduler_deployment.work_pool IN '
        '(SELECT value FROM json_each(?3))) AND (json_array_length(?4) = 0 OR EXISTS (SELECT '
        '1 FROM json_each(scheduler_deployment.tags) WHERE value IN (SELECT value FROM '
        'json_each(?4)))) AND (instr(scheduler_deployment.folded_flow_name, ?5) > 0 OR '
        'instr(scheduler_deployment.folded_name, ?5) > 0) AND '
        '(scheduler_deployment.flow_name > ?6 OR scheduler_deployment.flow_name = ?6 AND '
        'scheduler_deployment.name > ?7) ORDER BY scheduler_deployment.flow_name, '
        'scheduler_deployment.name  LIMIT ?8 OFFSET 0'
    ),
    postgresql=(
        'SELECT scheduler_deployment.namespace, scheduler_deployment.id, '
        'scheduler_deployment.name, scheduler_deployment.version, scheduler_deployment.tags, '
        'scheduler_deployment.description, scheduler_deployment.revision, '
        'scheduler_deployment.create_time, scheduler_deployment.update_time, '
        'scheduler_deployment_version.spec, scheduler_deployment_version.parameters, '
        'scheduler_deployment_version.parameter_schema FROM scheduler_deployment JOIN '
        'scheduler_deployment_version ON scheduler_deployment_version.namespace = '
        'scheduler_deployment.namespace AND scheduler_deployment_version.deployment_id = '
        'scheduler_deployment.id AND scheduler_deployment_version.version = '
        'scheduler_deployment.version WHERE scheduler_deployment.namespace = $1::text AND '
        '(cardinality($2::text[]) = 0 OR scheduler_deployment.flow_name = ANY($2::text[])) '
        'AND (cardinality($3::text[]) = 0 OR scheduler_deployment.work_pool = '
        'ANY($3::text[])) AND (cardinality($4::text[]) = 0 OR scheduler_deployment.tags ?| '
        '$4::text[]) AND (strpos(scheduler_deployment.folded_flow_name, $5::text) > 0 OR '
        'strpos(scheduler_deployment.folded_name, $5::text) > 0) AND '
        '(scheduler_deployment.flow_name > $6::text OR scheduler_deployment.flow_name = '
        '$6::text AND scheduler_deployment.name > $7::text) ORDER BY '
        'scheduler_deployment.flow_name, scheduler_deployment.name  LIMIT $8::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_names", "text[]"),
        ("work_pools", "text[]"),
        ("tags", "text[]"),
        ("name_contains", "text"),
        ("after_flow", "text"),
        ("after_name", "text"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("name", "text"),
        ("version", "int"),
        ("tags", "json"),
        ("description", "text"),
        ("revision", "int"),
        ("create_time", "time"),
        ("update_time", "time"),
        ("spec", "bytes"),
        ("parameters", "bytes"),
        ("parameter_schema", "bytes"),
    ),
)

COUNT_DEPLOYMENTS_OF_POOL = Statement(
    name="scheduler.COUNT_DEPLOYMENTS_OF_POOL",
    sqlite=(
        'SELECT count(*) AS count FROM scheduler_deployment WHERE '
        'scheduler_deployment.namespace = ?1 AND scheduler_deployment.work_pool = ?2 AND (?3 '
        "= '' OR scheduler_deployment.work_queue = ?3)"
    ),
    postgresql=(
        'SELECT count(*) AS count FROM scheduler_deployment WHERE '
        'scheduler_deployment.namespace = $1::text AND scheduler_deployment.work_pool = '
        "$2::text AND ($3::text = '' OR scheduler_deployment.work_queue = $3::text)"
    ),
    binds=(
        ("namespace", "text"),
        ("work_pool", "text"),
        ("work_queue", "text"),
    ),
    columns=(
        ("count", "int"),
    ),
)

DELETE_DEPLOYMENT = Statement(
    name="scheduler.DELETE_DEPLOYMENT",
    sqlite=(
        'DELETE FROM scheduler_deployment WHERE scheduler_deployment.namespace = ?1 AND '
        'scheduler_deployment.id = ?2 AND scheduler_deployment.revision = ?3'
    ),
    postgresql=(
        'DELETE FROM scheduler_deployment WHERE scheduler_deployment.namespace = $1::text '
        'AND scheduler_deployment.id = $2::uuid AND scheduler_deployment.revision = '
        '$3::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("revision", "int"),
    ),
)

DELETE_DEPLOYMENT_VERSIONS = Statement(
    name="scheduler.DELETE_DEPLOYMENT_VERSIONS",
    sqlite=(
        'DELETE FROM scheduler_deployment_version WHERE '
        'scheduler_deployment_version.namespace = ?1 AND '
        'scheduler_deployment_version.deployment_id = ?2'
    ),
    postgresql=(
        'DELETE FROM scheduler_deployment_version WHERE '
        'scheduler_deployment_version.namespace = $1::text AND '
        'scheduler_deployment_version.deployment_id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("deployment_id", "uuid"),
    ),
)
