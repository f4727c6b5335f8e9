"""Statements of the lines that runs write."""

import sqlalchemy as sa

from penstockd.database.columns import Int
from penstockd.database.expressions import LIMIT, bind, binds, insert_into, keyed
from penstockd.state.store.tables.flow_run import flow_run
from penstockd.state.store.tables.log import log, log_source

_run = flow_run.c

LOCK_FLOW_RUN_LEASE = (
    sa.select(_run.lease_id, _run.fence, _run.owned, _run.attempt)
    .where(keyed(flow_run, "namespace", "id"))
    .with_for_update()
)
LOG_SOURCE = sa.select(log_source.c.acknowledged_offset, log_source.c.ended).where(
    keyed(log_source, "namespace", "flow_run_id", "lease_id", "source")
)
SAVE_LOG_SOURCE = insert_into(log_source).on_conflict_do_update(
    index_elements=["namespace", "flow_run_id", "lease_id", "source"],
    set_=binds(log_source.c.acknowledged_offset, log_source.c.ended),
)
_LAST = (
    sa.select(sa.func.coalesce(sa.func.max(log.c.position), 0, type_=Int()))
    .where(log.c.namespace == _run.namespace, log.c.flow_run_id == _run.id)
    .scalar_subquery()
)
_of_last_lease = sa.and_(
    log_source.c.namespace == _run.namespace,
    log_source.c.flow_run_id == _run.id,
    log_source.c.lease_id == _run.lease_id,
)
_sources = sa.select(sa.func.count(type_=Int())).select_from(log_source).where(_of_last_lease)
# One look tells whoever watches whether there is anything to read.
LOG_HEAD = sa.select(
    _LAST.label("last_position"),
    _run.end_time,
    _run.lease_id.is_not(None).label("handed_out"),
    _sources.scalar_subquery().label("sources"),
    _sources.where(~log_source.c.ended).scalar_subquery().label("open_sources"),
).where(keyed(flow_run, "namespace", "id"))
LAST_LOG_POSITION = sa.select(
    sa.func.coalesce(sa.func.max(log.c.position), 0, type_=Int()).label("position")
).where(keyed(log, "namespace", "flow_run_id"))
INSERT_LOG = insert_into(log)
_AFTER = (
    log.c.position > bind(log.c.position, "after"),
    log.c.level >= bind(log.c.level, "min_level"),
)
LOGS = (
    sa.select(log)
    .where(keyed(log, "namespace", "flow_run_id"), *_AFTER)
    .order_by(log.c.position)
    .limit(LIMIT)
)
# SQLite would rather read all lines of the flow run by their primary key, which it cannot
# with a function of it.
TASK_RUN_LOGS = (
    sa.select(log)
    .where(
        keyed(log, "namespace", "task_run_id"),
        sa.func.coalesce(log.c.flow_run_id, log.c.flow_run_id) == bind(log.c.flow_run_id),
        *_AFTER,
    )
    .order_by(log.c.position)
    .limit(LIMIT)
)
LOG_BYTES_BY_NAMESPACE = sa.select(
    log.c.namespace, sa.cast(sa.func.sum(sa.func.length(log.c.message)), Int()).label("used")
).group_by(log.c.namespace)
