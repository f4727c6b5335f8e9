"""Statements of workers."""

import sqlalchemy as sa
from sqlalchemy import bindparam

from penstockd.database.columns import Bool, Text
from penstockd.database.expressions import LIMIT, bind, equals, insert_into, keyed
from penstockd.scheduler.store.tables.worker import worker

_new_worker = insert_into(worker)
_before_time = bind(worker.c.create_time, "before_time")

SAVE_WORKER = _new_worker.on_conflict_do_update(
    index_elements=[worker.c.namespace, worker.c.id],
    set_={
        name: _new_worker.excluded[name]
        for name in (
            "name", "work_pool", "work_queues", "slots", "labels", "protocol_version",
            "features", "alive",
        )
    },
)  # fmt: skip
WORKER = sa.select(worker).where(keyed(worker, "namespace", "id"))
WORKERS = (
    sa.select(worker)
    .where(
        equals(worker.c.namespace),
        sa.or_(bindparam("work_pool", type_=Text) == "", equals(worker.c.work_pool)),
        sa.or_(
            bindparam("alive_only", type_=Bool).is_(sa.false()), worker.c.alive.is_(sa.true())
        ),
        sa.or_(
            worker.c.create_time < _before_time,
            sa.and_(
                worker.c.create_time == _before_time,
                worker.c.id < bind(worker.c.id, "before_id"),
            ),
        ),
    )
    .order_by(worker.c.create_time.desc(), worker.c.id.desc())
    .limit(LIMIT)
)
SET_ALIVE = (
    sa.update(worker)
    .where(equals(worker.c.namespace), equals(worker.c.id, "worker_id"))
    .values(alive=bind(worker.c.alive, "now_alive"))
)
SET_ALL_DEAD = sa.update(worker).where(equals(worker.c.namespace)).values(alive=sa.false())
WORKER_NAMESPACES = sa.select(worker.c.namespace).distinct().order_by(worker.c.namespace)
