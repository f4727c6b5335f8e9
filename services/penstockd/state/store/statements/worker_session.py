"""Statements of worker sessions."""

import sqlalchemy as sa

from penstockd.database.columns import UtcTime, one_of
from penstockd.database.expressions import LIMIT, binds, equals, insert_into, keyed
from penstockd.state.store.tables.worker_session import worker_session

_session = worker_session.c

WORKER_SESSION = sa.select(worker_session).where(keyed(worker_session, "namespace", "id"))
LOCK_WORKER_SESSION = WORKER_SESSION.with_for_update()
INSERT_WORKER_SESSION = insert_into(worker_session).on_conflict_do_nothing()
SAVE_WORKER_SESSION = (
    worker_session.update()
    .where(keyed(worker_session, "namespace", "id"))
    .values(
        binds(
            _session.kind, _session.alive, _session.revision,
            _session.create_time, _session.lease_until, _session.end_time, _session.closed,
        )
    )
)  # fmt: skip
WORKER_SESSIONS_BY_ID = sa.select(worker_session).where(
    equals(_session.namespace), one_of(_session.id, "ids")
)
EXPIRED_SESSIONS = (
    sa.select(worker_session)
    .where(_session.alive, _session.lease_until < sa.bindparam("now", type_=UtcTime()))
    .limit(LIMIT)
)
FORGET_SESSIONS = worker_session.delete().where(
    sa.tuple_(_session.namespace, _session.id).in_(
        sa.select(_session.namespace, _session.id)
        .where(_session.end_time < sa.bindparam("older_than", type_=UtcTime()))
        .limit(LIMIT)
    )
)
EMBEDDED_SESSIONS = sa.select(worker_session).where(
    _session.alive, _session.lease_until.is_(None)
)
