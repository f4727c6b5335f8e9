"""Statements of leases, which live in the rows of flow runs."""

import sqlalchemy as sa

from penstockd.database.columns import UtcTime, one_of
from penstockd.database.expressions import LIMIT, bind, binds, equals, keyed
from penstockd.state.rules.state import StateType
from penstockd.state.store.statements.flow_run import FLOW_RUN_COLUMNS
from penstockd.state.store.tables.flow_run import flow_run

_run = flow_run.c
_READY = sa.and_(
    equals(_run.namespace),
    equals(_run.work_pool),
    _run.state_type == sa.literal_column(f"'{StateType.SCHEDULED}'"),
    _run.owned == sa.false(),
)
READY_FLOW_RUNS = (
    sa.select(*FLOW_RUN_COLUMNS, _run.checkpoint)
    .where(
        _READY, equals(_run.work_queue), _run.scheduled_time <= bind(_run.scheduled_time, "now")
    )
    .order_by(_run.scheduled_time, _run.id)
    .limit(LIMIT)
    .with_for_update(skip_locked=True)
)
NEXT_DUE = (
    sa.select(_run.scheduled_time.label("due"))
    .where(_READY, equals(_run.work_queue))
    .order_by(_run.scheduled_time)
    .limit(1)
)
BEGIN_LEASE = (
    flow_run.update()
    .where(keyed(flow_run, "namespace", "id", "revision"))
    .values(next_sequence=1, **binds(_run.lease_phase))
)
HELD_LEASES = (
    sa.select(*FLOW_RUN_COLUMNS, _run.lease_phase, _run.checkpoint)
    .where(equals(_run.namespace), one_of(_run.lease_id, "lease_ids"))
    .order_by(_run.lease_id)
)
LOCK_HELD_LEASES = HELD_LEASES.with_for_update()
NOTE_LEASE = (
    flow_run.update()
    .where(keyed(flow_run, "namespace", "id", "fence"))
    .values(binds(_run.lease_phase, _run.checkpoint, _run.ack_deadline))
)
OWNED_FLOW_RUNS = (
    sa.select(*FLOW_RUN_COLUMNS)
    .where(keyed(flow_run, "namespace", "session_id"), _run.owned)
    .order_by(_run.lease_id)
    .with_for_update()
)
UNACKNOWLEDGED = (
    sa.select(_run.namespace, _run.id)
    .where(_run.ack_deadline < sa.bindparam("now", type_=UtcTime()))
    .limit(LIMIT)
)
OVERDUE_CANCELS = (
    sa.select(_run.namespace, _run.id)
    .where(_run.cancel_deadline < sa.bindparam("now", type_=UtcTime()))
    .limit(LIMIT)
)
