"""Statements of work pools and their queues."""

import sqlalchemy as sa

from penstockd.database.columns import if_any_one_of, one_of
from penstockd.database.expressions import LIMIT, bind, equals, insert_into, keyed
from penstockd.scheduler.store.tables.work_pool import work_pool, work_queue
from penstockd.scheduler.store.tables.worker import worker

_live_workers = (
    sa.select(sa.func.count())
    .where(
        worker.c.namespace == work_pool.c.namespace,
        worker.c.work_pool == work_pool.c.name,
        worker.c.alive.is_(sa.true()),
    )
    .scalar_subquery()
)
_work_pool = sa.select(work_pool, _live_workers.label("live_workers"))

INSERT_WORK_POOL = insert_into(work_pool).on_conflict_do_nothing()
WORK_POOL = _work_pool.where(keyed(work_pool, "namespace", "name"))
WORK_POOL_BY_ID = _work_pool.where(keyed(work_pool, "namespace", "id"))
# Whoever begins to use a pool keeps it; whoever deletes it waits, and sees the use.
KEEP_WORK_POOL = (
    sa.select(work_pool.c.name)
    .where(keyed(work_pool, "namespace", "name"))
    .with_for_update(key_share=True, read=True)
)
LOCK_WORK_POOL = (
    sa.select(work_pool.c.name).where(keyed(work_pool, "namespace", "name")).with_for_update()
)
WORK_POOLS = (
    _work_pool.where(
        equals(work_pool.c.namespace),
        work_pool.c.name > bind(work_pool.c.name, "after_name"),
        if_any_one_of(work_pool.c.name, "names"),
        if_any_one_of(work_pool.c.pool_type, "pool_types"),
    )
    .order_by(work_pool.c.name)
    .limit(LIMIT)
)
TOUCH_WORK_POOL = (
    sa.update(work_pool)
    .where(equals(work_pool.c.namespace), equals(work_pool.c.name, "work_pool"))
    .values(revision=work_pool.c.revision + 1)
)
DELETE_WORK_POOL = work_pool.delete().where(keyed(work_pool, "namespace", "name"))

INSERT_WORK_QUEUE = insert_into(work_queue).on_conflict_do_nothing()
WORK_QUEUES = (
    sa.select(work_queue)
    .where(equals(work_queue.c.namespace), one_of(work_queue.c.work_pool, "work_pools"))
    .order_by(work_queue.c.priority, work_queue.c.name)
)
DELETE_WORK_QUEUE = work_queue.delete().where(
    keyed(work_queue, "namespace", "work_pool", "name")
)
DELETE_WORK_QUEUES = work_queue.delete().where(keyed(work_queue, "namespace", "work_pool"))
