"""Statements of contents."""

import sqlalchemy as sa

from penstockd.artifact.store.tables.content import content
from penstockd.database.columns import Int
from penstockd.database.expressions import insert_into, keyed

INSERT_CONTENT = insert_into(content).on_conflict_do_nothing()
CONTENT = sa.select(content).where(keyed(content, "namespace", "sha256"))
CONTENT_BYTES_BY_NAMESPACE = sa.select(
    content.c.namespace, sa.cast(sa.func.sum(content.c.size), Int()).label("used")
).group_by(content.c.namespace)
