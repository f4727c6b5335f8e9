"""Generated from statements/content_home.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

INSERT_CONTENT_HOME = Statement(
    name="artifact.INSERT_CONTENT_HOME",
    sqlite=(
        'INSERT INTO artifact_content_home (kind, id, place, create_time) VALUES (?1, ?2, '
        '?3, ?4) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO artifact_content_home (kind, id, place, create_time) VALUES ($1::text, '
        '$2::uuid, $3::text, $4::timestamptz) ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("kind", "text"),
        ("id", "uuid"),
        ("place", "text"),
        ("create_time", "time"),
    ),
)

REPLACE_CONTENT_HOME = Statement(
    name="artifact.REPLACE_CONTENT_HOME",
    sqlite=(
        'INSERT INTO artifact_content_home (kind, id, place, create_time) VALUES (?1, ?2, '
        '?3, ?4) ON CONFLICT (kind) DO UPDATE SET id = excluded.id, place = excluded.place, '
        'create_time = excluded.create_time'
    ),
    postgresql=(
        'INSERT INTO artifact_content_home (kind, id, place, create_time) VALUES ($1::text, '
        '$2::uuid, $3::text, $4::timestamptz) ON CONFLICT (kind) DO UPDATE SET id = '
        'excluded.id, place = excluded.place, create_time = excluded.create_time'
    ),
    binds=(
        ("kind", "text"),
        ("id", "uuid"),
        ("place", "text"),
        ("create_time", "time"),
    ),
)

CONTENT_HOME = Statement(
    name="artifact.CONTENT_HOME",
    sqlite=(
        'SELECT artifact_content_home.kind, artifact_content_home.id, '
        'artifact_content_home.place, artifact_content_home.create_time FROM '
        'artifact_content_home WHERE artifact_content_home.kind = ?1'
    ),
    postgresql=(
        'SELECT artifact_content_home.kind, artifact_content_home.id, '
        'artifact_content_home.place, artifact_content_home.create_time FROM '
        'artifact_content_home WHERE artifact_content_home.kind = $1::text'
    ),
    binds=(
        ("kind", "text"),
    ),
    columns=(
        ("kind", "text"),
        ("id", "uuid"),
        ("place", "text"),
        ("create_time", "time"),
    ),
)
