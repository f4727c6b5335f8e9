"""Generated from statements/worker_session.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

WORKER_SESSION = Statement(
    name="state.WORKER_SESSION",
    sqlite=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time, '
        'state_worker_session.closed FROM state_worker_session WHERE '
        'state_worker_session.namespace = ?1 AND state_worker_session.id = ?2'
    ),
    postgresql=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time, '
        'state_worker_session.closed FROM state_worker_session WHERE '
        'state_worker_session.namespace = $1::text AND state_worker_session.id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("kind", "text"),
        ("alive", "bool"),
        ("revision", "int"),
        ("create_time", "time"),
        ("lease_until", "time"),
        ("end_time", "time"),
        ("closed", "bool"),
    ),
)

LOCK_WORKER_SESSION = Statement(
    name="state.LOCK_WORKER_SESSION",
    sqlite=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time, '
        'state_worker_session.closed FROM state_worker_session WHERE '
        'state_worker_session.namespace = ?1 AND state_worker_session.id = ?2'
    ),
    postgresql=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time, '
        'state_worker_session.closed FROM state_worker_session WHERE '
        'state_worker_session.namespace = $1::text AND state_worker_session.id = $2::uuid '
        'FOR UPDATE'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("kind", "text"),
        ("alive", "bool"),
        ("revision", "int"),
        ("create_time", "time"),
        ("lease_until", "time"),
        ("end_time", "time"),
        ("closed", "bool"),
    ),
)

INSERT_WORKER_SESSION = Statement(
    name="state.INSERT_WORKER_SESSION",
    sqlite=(
        'INSERT INTO state_worker_session (namespace, id, kind, alive, revision, '
        'create_time, lease_until, end_time, closed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '
        '?9) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO state_worker_session (namespace, id, kind, alive, revision, '
        'create_time, lease_until, end_time, closed) VALUES ($1::text, $2::uuid, $3::text, '
        '$4::boolean, $5::bigint, $6::timestamptz, $7::timestamptz, $8::timestamptz, '
        '$9::boolean) ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("kind", "text"),
        ("alive", "bool"),
        ("revision", "int"),
        ("create_time", "time"),
        ("lease_until", "time"),
        ("end_time", "time"),
        ("closed", "bool"),
    ),
)

SAVE_WORKER_SESSION = Statement(
    name="state.SAVE_WORKER_SESSION",
    sqlite=(
        'UPDATE state_worker_session SET kind=?1, alive=?2, revision=?3, create_time=?4, '
        'lease_until=?5, end_time=?6, closed=?7 WHERE state_worker_session.namespace = ?8 '
        'AND state_worker_session.id = ?9'
    ),
    postgresql=(
        'UPDATE state_worker_session SET kind=$1::text, alive=$2::boolean, '
        'revision=$3::bigint, create_time=$4::timestamptz, lease_until=$5::timestamptz, '
        'end_time=$6::timestamptz, closed=$7::boolean WHERE state_worker_session.namespace = '
        '$8::text AND state_worker_session.id = $9::uuid'
    ),
    binds=(
        ("kind", "text"),
        ("alive", "bool"),
        ("revision", "int"),
        ("create_time", "time"),
        ("lease_until", "time"),
        ("end_time", "time"),
        ("closed", "bool"),
        ("namespace", "text"),
        ("id", "uuid"),
    ),
)

WORKER_SESSIONS_BY_ID = Statement(
    name="state.WORKER_SESSIONS_BY_ID",
    sqlite=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time, '
        'state_worker_session.closed FROM state_worker_session WHERE '
        'state_worker_session.namespace = ?1 AND state_worker_session.id IN (WITH RECURSIVE '
        'place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at + 16 < '
        'length(?2)) SELECT substr(?2, at, 16) FROM place)'
    ),
    postgresql=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time, '
        'state_worker_session.closed FROM state_worker_session WHERE '
        'state_worker_session.namespace = $1::text AND state_worker_session.id = '
        'ANY($2::uuid[])'
    ),
    binds=(
        ("namespace", "text"),
        ("ids", "uuid[]"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("kind", "text"),
        ("alive", "bool"),
        ("revision", "int"),
        ("create_time", "time"),
        ("lease_until", "time"),
        ("end_time", "time"),
        ("closed", "bool"),
    ),
)

EXPIRED_SESSIONS = Statement(
    name="state.EXPIRED_SESSIONS",
    sqlite=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time, '
        'state_worker_session.closed FROM state_worker_session WHERE '
        'state_worker_session.alive AND state_worker_session.lease_until < ?1  LIMIT ?2 '
        'OFFSET 0'
    ),
    postgresql=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time, '
        'state_worker_session.closed FROM state_worker_session WHERE '
        'state_worker_session.alive AND state_worker_session.lease_until < $1::timestamptz  '
        'LIMIT $2::bigint'
    ),
    binds=(
        ("now", "time"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("kind", "text"),
        ("alive", "bool"),
        ("revision", "int"),
        ("create_time", "time"),
        ("lease_until", "time"),
        ("end_time", "time"),
        ("closed", "bool"),
    ),
)

FORGET_SESSIONS = Statement(
    name="state.FORGET_SESSIONS",
    sqlite=(
        'DELETE FROM state_worker_session WHERE (state_worker_session.namespace, '
        'state_worker_session.id) IN (SELECT state_worker_session.namespace, '
        'state_worker_session.id FROM state_worker_session WHERE '
        'state_worker_session.end_time < ?1  LIMIT ?2 OFFSET 0)'
    ),
    postgresql=(
        'DELETE FROM state_worker_session WHERE (state_worker_session.namespace, '
        'state_worker_session.id) IN (SELECT state_worker_session.namespace, '
        'state_worker_session.id FROM state_worker_session WHERE '
        'state_worker_session.end_time < $1::timestamptz  LIMIT $2::bigint)'
    ),
    binds=(
        ("older_than", "time"),
        ("limit", "int"),
    ),
)

EMBEDDED_SESSIONS = Statement(
    name="state.EMBEDDED_SESSIONS",
    sqlite=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time, '
        'state_worker_session.closed FROM state_worker_session WHERE '
        'state_worker_session.alive AND state_worker_session.lease_until IS NULL'
    ),
    postgresql=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time, '
        'state_worker_session.closed FROM state_worker_session WHERE '
        'state_worker_session.alive AND state_worker_session.lease_until IS NULL'
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("kind", "text"),
        ("alive", "bool"),
        ("revision", "int"),
        ("create_time", "time"),
        ("lease_until", "time"),
        ("end_time", "time"),
        ("closed", "bool"),
    ),
)
