"""Statements of workers."""

import sqlalchemy as sa
from sqlalchemy import bindparam

from penstockd.database.columns import Bool, if_any_one_of, if_any_shares
from penstockd.database.expressions import LIMIT, bind, equals, insert_into, keyed
from penstockd.scheduler.store.tables.worker import worker

_new_worker = insert_into(worker)
_before_time = bind(worker.c.create_time, "before_time")
_KEPT = {"namespace", "id", "create_time"}

# Who registers again keeps the time of the first registration.
SAVE_WORKER = _new_worker.on_conflict_do_update(
    index_elements=[worker.c.namespace, worker.c.id],
    set_={
        column.name: _new_worker.excluded[column.name]
        for column in worker.c
        if column.name not in _KEPT
    },
)
WORKER = sa.select(worker).where(keyed(worker, "namespace", "id"))
WORKERS = (
    sa.select(worker)
    .where(
        equals(worker.c.namespace),
        if_any_one_of(worker.c.id, "worker_ids"),
        if_any_one_of(worker.c.work_pool, "work_pools"),
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
# Those that name one of the queues; no queues means all of the pool's workers.
COUNT_LIVE_WORKERS = sa.select(sa.func.count().label("count")).where(
    keyed(worker, "namespace", "work_pool"),
    worker.c.alive.is_(sa.true()),
    if_any_shares(worker.c.work_queues, "work_queues"),
)
DELETE_WORKERS_OF_POOL = worker.delete().where(keyed(worker, "namespace", "work_pool"))
