"""Every form of statement that services use."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from penstockd.database.columns import Int, Text, Uuid, one_of
from sample_service.store.tables import outbox, thing

bind = sa.bindparam
_here = (thing.c.namespace == bind("namespace"), thing.c.id == bind("id"))
_put = insert(thing)

INSERT = sa.insert(thing)

PUT = _put.on_conflict_do_update(
    index_elements=[thing.c.namespace, thing.c.id],
    set_={"name": _put.excluded.name, "revision": thing.c.revision + 1},
    where=thing.c.revision < bind("limit_revision", type_=Int),
).returning(thing.c.revision)

ADD = insert(thing).on_conflict_do_nothing()

LOAD = sa.select(thing).where(*_here)

CLAIM = (
    sa.select(thing.c.id, thing.c.name)
    .where(thing.c.namespace == bind("namespace"), thing.c.broken.is_(False))
    .order_by(thing.c.create_time, thing.c.id)
    .limit(bind("limit", type_=Int))
    .with_for_update(skip_locked=True)
)

RENAME = (
    sa.update(thing)
    .where(*_here, thing.c.revision == bind("expected"))
    .values(name=bind("name"), revision=thing.c.revision + 1, broken=False)
)

BUMP = (
    sa.update(thing)
    .where(*_here)
    .values(revision=thing.c.revision + 1)
    .returning(thing.c.revision)
)

TAKE = sa.delete(thing).where(*_here).returning(thing.c.name, thing.c.create_time)

PAGE = (
    sa.select(thing.c.id, thing.c.name)
    .where(
        thing.c.namespace == bind("namespace"),
        sa.tuple_(thing.c.name, thing.c.id)
        > sa.tuple_(bind("after_name", type_=Text), bind("after_id", type_=Uuid)),
    )
    .order_by(thing.c.name, thing.c.id)
    .limit(bind("limit", type_=Int))
)

AMONG = (
    sa.select(thing.c.id)
    .where(
        one_of(thing.c.id, "ids"),
        one_of(thing.c.name, "names"),
        one_of(thing.c.revision, "revisions"),
    )
    .order_by(thing.c.id)
)

COUNT = sa.select(sa.func.count().label("count")).select_from(thing)

EVENTS = sa.select(outbox.c.position, outbox.c.resource_id, outbox.c.seq).order_by(
    outbox.c.position
)
