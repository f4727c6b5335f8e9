"""Generated from statements.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

INSERT = Statement(
    name="sample_service.INSERT",
    sqlite=(
        'INSERT INTO sample_thing (namespace, id, revision, name, broken, weight, age, '
        'labels, picture, parent_id, create_time, update_time) VALUES (?1, ?2, ?3, ?4, ?5, '
        '?6, ?7, ?8, ?9, ?10, ?11, ?12)'
    ),
    postgresql=(
        'INSERT INTO sample_thing (namespace, id, revision, name, broken, weight, age, '
        'labels, picture, parent_id, create_time, update_time) VALUES ($1::text, $2::uuid, '
        '$3::bigint, $4::text, $5::boolean, $6::float8, $7::bigint, $8::jsonb, $9::bytea, '
        '$10::uuid, $11::timestamptz, $12::timestamptz)'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("revision", "int"),
        ("name", "text"),
        ("broken", "bool"),
        ("weight", "float"),
        ("age", "duration"),
        ("labels", "json"),
        ("picture", "bytes"),
        ("parent_id", "uuid"),
        ("create_time", "time"),
        ("update_time", "time"),
    ),
)

PUT = Statement(
    name="sample_service.PUT",
    sqlite=(
        'INSERT INTO sample_thing (namespace, id, revision, name, broken, weight, age, '
        'labels, picture, parent_id, create_time, update_time) VALUES (?1, ?2, ?3, ?4, ?5, '
        '?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT (namespace, id) DO UPDATE SET revision = '
        '(sample_thing.revision + 1), name = excluded.name WHERE sample_thing.revision < ?13 '
        'RETURNING revision'
    ),
    postgresql=(
        'INSERT INTO sample_thing (namespace, id, revision, name, broken, weight, age, '
        'labels, picture, parent_id, create_time, update_time) VALUES ($1::text, $2::uuid, '
        '$3::bigint, $4::text, $5::boolean, $6::float8, $7::bigint, $8::jsonb, $9::bytea, '
        '$10::uuid, $11::timestamptz, $12::timestamptz) ON CONFLICT (namespace, id) DO '
        'UPDATE SET revision = (sample_thing.revision + 1), name = excluded.name WHERE '
        'sample_thing.revision < $13::bigint RETURNING sample_thing.revision'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("revision", "int"),
        ("name", "text"),
        ("broken", "bool"),
        ("weight", "float"),
        ("age", "duration"),
        ("labels", "json"),
        ("picture", "bytes"),
        ("parent_id", "uuid"),
        ("create_time", "time"),
        ("update_time", "time"),
        ("limit_revision", "int"),
    ),
    columns=(
        ("revision", "int"),
    ),
)

ADD = Statement(
    name="sample_service.ADD",
    sqlite=(
        'INSERT INTO sample_thing (namespace, id, revision, name, broken, weight, age, '
        'labels, picture, parent_id, create_time, update_time) VALUES (?1, ?2, ?3, ?4, ?5, '
        '?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO sample_thing (namespace, id, revision, name, broken, weight, age, '
        'labels, picture, parent_id, create_time, update_time) VALUES ($1::text, $2::uuid, '
        '$3::bigint, $4::text, $5::boolean, $6::float8, $7::bigint, $8::jsonb, $9::bytea, '
        '$10::uuid, $11::timestamptz, $12::timestamptz) ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("revision", "int"),
        ("name", "text"),
        ("broken", "bool"),
        ("weight", "float"),
        ("age", "duration"),
        ("labels", "json"),
        ("picture", "bytes"),
        ("parent_id", "uuid"),
        ("create_time", "time"),
        ("update_time", "time"),
    ),
)

LOAD = Statement(
    name="sample_service.LOAD",
    sqlite=(
        'SELECT sample_thing.namespace, sample_thing.id, sample_thing.revision, '
        'sample_thing.name, sample_thing.broken, sample_thing.weight, sample_thing.age, '
        'sample_thing.labels, sample_thing.picture, sample_thing.parent_id, '
        'sample_thing.create_time, sample_thing.update_time FROM sample_thing WHERE '
        'sample_thing.namespace = ?1 AND sample_thing.id = ?2'
    ),
    postgresql=(
        'SELECT sample_thing.namespace, sample_thing.id, sample_thing.revision, '
        'sample_thing.name, sample_thing.broken, sample_thing.weight, sample_thing.age, '
        'sample_thing.labels, sample_thing.picture, sample_thing.parent_id, '
        'sample_thing.create_time, sample_thing.update_time FROM sample_thing WHERE '
        'sample_thing.namespace = $1::text AND sample_thing.id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("revision", "int"),
        ("name", "text"),
        ("broken", "bool"),
        ("weight", "float"),
        ("age", "duration"),
        ("labels", "json"),
        ("picture", "bytes"),
        ("parent_id", "uuid"),
        ("create_time", "time"),
        ("update_time", "time"),
    ),
)

CLAIM = Statement(
    name="sample_service.CLAIM",
    sqlite=(
        'SELECT sample_thing.id, sample_thing.name FROM sample_thing WHERE '
        'sample_thing.namespace = ?1 AND sample_thing.broken IS 0 ORDER BY '
        'sample_thing.create_time, sample_thing.id  LIMIT ?2 OFFSET 0'
    ),
    postgresql=(
        'SELECT sample_thing.id, sample_thing.name FROM sample_thing WHERE '
        'sample_thing.namespace = $1::text AND sample_thing.broken IS false ORDER BY '
        'sample_thing.create_time, sample_thing.id  LIMIT $2::bigint FOR UPDATE SKIP LOCKED'
    ),
    binds=(
        ("namespace", "text"),
        ("limit", "int"),
    ),
    columns=(
        ("id", "uuid"),
        ("name", "text"),
    ),
)

RENAME = Statement(
    name="sample_service.RENAME",
    sqlite=(
        'UPDATE sample_thing SET revision=(sample_thing.revision + 1), name=?1, broken=0 '
        'WHERE sample_thing.namespace = ?2 AND sample_thing.id = ?3 AND '
        'sample_thing.revision = ?4'
    ),
    postgresql=(
        'UPDATE sample_thing SET revision=(sample_thing.revision + 1), name=$1::text, '
        'broken=false WHERE sample_thing.namespace = $2::text AND sample_thing.id = $3::uuid '
        'AND sample_thing.revision = $4::bigint'
    ),
    binds=(
        ("name", "text"),
        ("namespace", "text"),
        ("id", "uuid"),
        ("expected", "int"),
    ),
)

BUMP = Statement(
    name="sample_service.BUMP",
    sqlite=(
        'UPDATE sample_thing SET revision=(sample_thing.revision + 1) WHERE '
        'sample_thing.namespace = ?1 AND sample_thing.id = ?2 RETURNING revision'
    ),
    postgresql=(
        'UPDATE sample_thing SET revision=(sample_thing.revision + 1) WHERE '
        'sample_thing.namespace = $1::text AND sample_thing.id = $2::uuid RETURNING '
        'sample_thing.revision'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("revision", "int"),
    ),
)

TAKE = Statement(
    name="sample_service.TAKE",
    sqlite=(
        'DELETE FROM sample_thing WHERE sample_thing.namespace = ?1 AND sample_thing.id = ?2 '
        'RETURNING name, create_time'
    ),
    postgresql=(
        'DELETE FROM sample_thing WHERE sample_thing.namespace = $1::text AND '
        'sample_thing.id = $2::uuid RETURNING sample_thing.name, sample_thing.create_time'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("name", "text"),
        ("create_time", "time"),
    ),
)

PAGE = Statement(
    name="sample_service.PAGE",
    sqlite=(
        'SELECT sample_thing.id, sample_thing.name FROM sample_thing WHERE '
        'sample_thing.namespace = ?1 AND (sample_thing.name, sample_thing.id) > (?2, ?3) '
        'ORDER BY sample_thing.name, sample_thing.id  LIMIT ?4 OFFSET 0'
    ),
    postgresql=(
        'SELECT sample_thing.id, sample_thing.name FROM sample_thing WHERE '
        'sample_thing.namespace = $1::text AND (sample_thing.name, sample_thing.id) > '
        '($2::text, $3::uuid) ORDER BY sample_thing.name, sample_thing.id  LIMIT $4::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("after_name", "text"),
        ("after_id", "uuid"),
        ("limit", "int"),
    ),
    columns=(
        ("id", "uuid"),
        ("name", "text"),
    ),
)

AMONG = Statement(
    name="sample_service.AMONG",
    sqlite=(
        'SELECT sample_thing.id FROM sample_thing WHERE sample_thing.id IN (WITH RECURSIVE '
        'place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at + 16 < '
        'length(?1)) SELECT substr(?1, at, 16) FROM place) AND sample_thing.name IN (SELECT '
        'value FROM json_each(?2)) AND sample_thing.revision IN (SELECT value FROM '
        'json_each(?3)) ORDER BY sample_thing.id'
    ),
    postgresql=(
        'SELECT sample_thing.id FROM sample_thing WHERE sample_thing.id = ANY($1::uuid[]) '
        'AND sample_thing.name = ANY($2::text[]) AND sample_thing.revision = '
        'ANY($3::bigint[]) ORDER BY sample_thing.id'
    ),
    binds=(
        ("ids", "uuid[]"),
        ("names", "text[]"),
        ("revisions", "int[]"),
    ),
    columns=(
        ("id", "uuid"),
    ),
)

COUNT = Statement(
    name="sample_service.COUNT",
    sqlite=(
        'SELECT count(*) AS count FROM sample_thing'
    ),
    postgresql=(
        'SELECT count(*) AS count FROM sample_thing'
    ),
    columns=(
        ("count", "int"),
    ),
)

EVENTS = Statement(
    name="sample_service.EVENTS",
    sqlite=(
        'SELECT sample_outbox.position, sample_outbox.resource_id, sample_outbox.seq FROM '
        'sample_outbox ORDER BY sample_outbox.position'
    ),
    postgresql=(
        'SELECT sample_outbox.position, sample_outbox.resource_id, sample_outbox.seq FROM '
        'sample_outbox ORDER BY sample_outbox.position'
    ),
    columns=(
        ("position", "int"),
        ("resource_id", "uuid"),
        ("seq", "int"),
    ),
)
