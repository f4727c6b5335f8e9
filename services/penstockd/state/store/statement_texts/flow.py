"""Generated from statements/flow.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

INSERT_FLOW = Statement(
    name="state.INSERT_FLOW",
    sqlite=(
        'INSERT INTO state_flow (namespace, name, folded_name, id, create_time) VALUES (?1, '
        '?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO state_flow (namespace, name, folded_name, id, create_time) VALUES '
        '($1::text, $2::text, $3::text, $4::uuid, $5::timestamptz) ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
        ("folded_name", "text"),
        ("id", "uuid"),
        ("create_time", "time"),
    ),
)

FLOW_BY_NAME = Statement(
    name="state.FLOW_BY_NAME",
    sqlite=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = ?1 AND state_flow.name = ?2'
    ),
    postgresql=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = $1::text AND state_flow.name = $2::text'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
    ),
    columns=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("create_time", "time"),
    ),
)

KEEP_FLOW = Statement(
    name="state.KEEP_FLOW",
    sqlite=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = ?1 AND state_flow.name = ?2'
    ),
    postgresql=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = $1::text AND state_flow.name = '
        '$2::text FOR KEY SHARE'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
    ),
    columns=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("create_time", "time"),
    ),
)

LOCK_FLOW = Statement(
    name="state.LOCK_FLOW",
    sqlite=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = ?1 AND state_flow.name = ?2'
    ),
    postgresql=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = $1::text AND state_flow.name = '
        '$2::text FOR UPDATE'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
    ),
    columns=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("create_time", "time"),
    ),
)

FLOW_BY_ID = Statement(
    name="state.FLOW_BY_ID",
    sqlite=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = ?1 AND state_flow.id = ?2'
    ),
    postgresql=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = $1::text AND state_flow.id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("create_time", "time"),
    ),
)

FLOWS = Statement(
    name="state.FLOWS",
    sqlite=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = ?1 AND state_flow.name > ?2 ORDER BY '
        'state_flow.name  LIMIT ?3 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = $1::text AND state_flow.name > '
        '$2::text ORDER BY state_flow.name  LIMIT $3::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("after", "text"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("create_time", "time"),
    ),
)

COUNT_RUNS_OF_FLOW = Statement(
    name="state.COUNT_RUNS_OF_FLOW",
    sqlite=(
        'SELECT count(*) AS count FROM state_flow_run WHERE state_flow_run.namespace = ?1 '
        'AND state_flow_run.flow_name = ?2'
    ),
    postgresql=(
        'SELECT count(*) AS count FROM state_flow_run WHERE state_flow_run.namespace = '
        '$1::text AND state_flow_run.flow_name = $2::text'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
    ),
    columns=(
        ("count", "int"),
    ),
)

DELETE_FLOW = Statement(
    name="state.DELETE_FLOW",
    sqlite=(
        'DELETE FROM state_flow WHERE state_flow.namespace = ?1 AND state_flow.name = ?2'
    ),
    postgresql=(
        'DELETE FROM state_flow WHERE state_flow.namespace = $1::text AND state_flow.name = '
        '$2::text'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
    ),
)
