"""Every constant statement of the scheduler; `make gen` writes `statement_texts.py` from it."""

import sqlalchemy as sa
from sqlalchemy import bindparam as bind
from sqlalchemy.dialects.postgresql import insert

from penstockd.database.columns import Bool, Int, Text, UtcTime, Uuid, one_of
from penstockd.scheduler.store.tables import (
    cursor,
    deployment,
    deployment_version,
    request_log,
    work_pool,
    work_queue,
    worker,
)

KNOWN_ANSWER = sa.select(request_log.c.request_hash, request_log.c.response).where(
    request_log.c.namespace == bind("namespace"),
    request_log.c.method == bind("method"),
    request_log.c.request_id == bind("request_id"),
)

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

INSERT_WORK_POOL = insert(work_pool).on_conflict_do_nothing()
GET_WORK_POOL = _work_pool.where(
    work_pool.c.namespace == bind("namespace"), work_pool.c.name == bind("name")
)
LIST_WORK_POOLS = (
    _work_pool.where(
        work_pool.c.namespace == bind("namespace"), work_pool.c.name > bind("after_name")
    )
    .order_by(work_pool.c.name)
    .limit(bind("limit", type_=Int))
)
TOUCH_WORK_POOL = (
    sa.update(work_pool)
    .where(work_pool.c.namespace == bind("namespace"), work_pool.c.name == bind("work_pool"))
    .values(revision=work_pool.c.revision + 1)
)

INSERT_WORK_QUEUE = insert(work_queue).on_conflict_do_nothing()
LIST_WORK_QUEUES = (
    sa.select(work_queue)
    .where(
        work_queue.c.namespace == bind("namespace"),
        one_of(work_queue.c.work_pool, "work_pools"),
    )
    .order_by(work_queue.c.priority, work_queue.c.name)
)

_new_worker = insert(worker)
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
GET_WORKER = sa.select(worker).where(
    worker.c.namespace == bind("namespace"), worker.c.id == bind("id")
)
LIST_WORKERS = (
    sa.select(worker)
    .where(
        worker.c.namespace == bind("namespace"),
        sa.or_(
            bind("work_pool", type_=Text) == "",
            worker.c.work_pool == bind("work_pool", type_=Text),
        ),
        sa.or_(bind("alive_only", type_=Bool).is_(sa.false()), worker.c.alive.is_(sa.true())),
        sa.or_(
            worker.c.create_time < bind("before_time", type_=UtcTime),
            sa.and_(
                worker.c.create_time == bind("before_time", type_=UtcTime),
                worker.c.id < bind("before_id", type_=Uuid),
            ),
        ),
    )
    .order_by(worker.c.create_time.desc(), worker.c.id.desc())
    .limit(bind("limit", type_=Int))
)
SET_ALIVE = (
    sa.update(worker)
    .where(worker.c.namespace == bind("namespace"), worker.c.id == bind("worker_id"))
    .values(alive=bind("now_alive", type_=Bool))
)
SET_ALL_DEAD = (
    sa.update(worker).where(worker.c.namespace == bind("namespace")).values(alive=sa.false())
)
LIST_NAMESPACES = sa.select(worker.c.namespace).distinct().order_by(worker.c.namespace)

_newest = sa.select(
    deployment.c.id,
    deployment.c.flow_name,
    deployment.c.name,
    deployment.c.create_time,
    *(column for column in deployment_version.c if column.name != "deployment_id"),
).join_from(
    deployment,
    deployment_version,
    sa.and_(
        deployment_version.c.namespace == deployment.c.namespace,
        deployment_version.c.deployment_id == deployment.c.id,
        deployment_version.c.version == deployment.c.version,
    ),
)
INSERT_DEPLOYMENT = insert(deployment).on_conflict_do_nothing()
LOCK_DEPLOYMENT = (
    sa.select(deployment.c.id)
    .where(
        deployment.c.namespace == bind("namespace"),
        deployment.c.flow_name == bind("flow_name"),
        deployment.c.name == bind("name"),
    )
    .with_for_update()
)
SET_DEPLOYMENT_VERSION = (
    sa.update(deployment)
    .where(
        deployment.c.namespace == bind("namespace"),
        deployment.c.id == bind("deployment_id"),
        deployment.c.version == bind("version_before", type_=Int),
    )
    .values(version=bind("version_now", type_=Int))
)
INSERT_DEPLOYMENT_VERSION = sa.insert(deployment_version)
GET_DEPLOYMENT_BY_ID = _newest.where(
    deployment.c.namespace == bind("namespace"), deployment.c.id == bind("id")
)
GET_DEPLOYMENT_BY_NAME = _newest.where(
    deployment.c.namespace == bind("namespace"),
    deployment.c.flow_name == bind("flow_name"),
    deployment.c.name == bind("name"),
)
LIST_DEPLOYMENTS = (
    _newest.where(
        deployment.c.namespace == bind("namespace"),
        sa.or_(
            bind("of_flow", type_=Text) == "",
            deployment.c.flow_name == bind("of_flow", type_=Text),
        ),
        sa.or_(
            deployment.c.flow_name > bind("after_flow", type_=Text),
            sa.and_(
                deployment.c.flow_name == bind("after_flow", type_=Text),
                deployment.c.name > bind("after_name", type_=Text),
            ),
        ),
    )
    .order_by(deployment.c.flow_name, deployment.c.name)
    .limit(bind("limit", type_=Int))
)

GET_CURSOR = sa.select(cursor.c.cursor).where(
    cursor.c.namespace == bind("namespace"), cursor.c.feed == bind("feed")
)
_new_cursor = insert(cursor)
SAVE_CURSOR = _new_cursor.on_conflict_do_update(
    index_elements=[cursor.c.namespace, cursor.c.feed],
    set_={"cursor": _new_cursor.excluded.cursor},
)
