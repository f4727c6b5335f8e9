"""Statements of where the bytes are."""

import sqlalchemy as sa

from penstockd.artifact.store.tables.content_home import content_home
from penstockd.database.expressions import insert_into, keyed

_new_home = insert_into(content_home)

INSERT_CONTENT_HOME = _new_home.on_conflict_do_nothing()
REPLACE_CONTENT_HOME = _new_home.on_conflict_do_update(
    index_elements=[content_home.c.kind],
    set_={each: _new_home.excluded[each] for each in ("id", "place", "create_time")},
)
CONTENT_HOME = sa.select(content_home).where(keyed(content_home, "kind"))
