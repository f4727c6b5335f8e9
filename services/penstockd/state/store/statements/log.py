"""Statements of the lines that runs write."""

import sqlalchemy as sa

from penstockd.database.columns import Int
from penstockd.database.expressions import LIMIT, bind, binds, insert_into, keyed
from penstockd.state.store.tables.flow_run import flow_run
from penstockd.state.store.tables.log import log, log_source

_run = flow_run.c

LOCK_FLOW_RUN_LEASE = (
    sa.select(_run.lease_id, _run.attempt)
    .where(keyed(flow_run, "namespace", "id"))
    .with_for_update()
)
LOG_SOURCE = sa.select(log_source.c.acknowledged_offset).where(
    keyed(log_source, "namespace", "flow_run_id", "lease_id", "source")
)
SAVE_LOG_SOURCE = insert_into(log_source).on_conflict_do_update(
    index_elements=["namespace", "flow_run_id", "lease_id", "source"],
    set_=binds(log_source.c.acknowledged_offset),
)
LAST_LOG_POSITION = sa.select(
    sa.func.coalesce(sa.func.max(log.c.position), 0, type_=Int()).label("position")
).where(keyed(log, "namespace", "flow_run_id"))
INSERT_LOG = insert_into(log)
LOGS = (
    sa.select(log)
    .where(
        keyed(log, "namespace", "flow_run_id"),
        log.c.position > bind(log.c.position, "after"),
        log.c.level >= bind(log.c.level, "min_level"),
    )
    .order_by(log.c.position)
    .limit(LIMIT)
)
