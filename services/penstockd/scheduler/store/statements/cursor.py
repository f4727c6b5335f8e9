"""Statements of how far each feed has been read."""

import sqlalchemy as sa

from penstockd.database.expressions import insert_into, keyed
from penstockd.scheduler.store.tables.cursor import cursor

_new_cursor = insert_into(cursor)

CURSOR = sa.select(cursor.c.cursor).where(keyed(cursor, "namespace", "feed"))
SAVE_CURSOR = _new_cursor.on_conflict_do_update(
    index_elements=[cursor.c.namespace, cursor.c.feed],
    set_={"cursor": _new_cursor.excluded.cursor},
)
