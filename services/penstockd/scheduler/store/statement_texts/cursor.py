"""Generated from statements/cursor.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

CURSOR = Statement(
    name="scheduler.CURSOR",
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
