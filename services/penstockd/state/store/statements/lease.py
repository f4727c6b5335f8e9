"""Statements of leases, which live in the rows of flow runs."""

import sqlalchemy as sa

from penstockd.database.columns import UtcTime, one_of
from penstockd.database.expressions import (
    LIMIT,
    bind,
    binds,
    each,
    equals,
    insert_into,
    keyed,
)
from penstockd.state.rules.lease import LeasePhase
from penstockd.state.rules.state import StateType
from penstockd.state.store.statements.flow_run import FLOW_RUN_COLUMNS, FULL_COLUMNS
from penstockd.state.store.tables.columns import ownership_columns
from penstockd.state.store.tables.flow_run import flow_run
from penstockd.state.store.tables.lease import lease_outcome

_run = flow_run.c
_outcome = lease_outcome.c
_LEASE_COLUMNS = (
    _run.namespace, _run.id, *(_run[it.name] for it in ownership_columns()),
    _run.state_type, _run.state_message, _run.lease_phase, _run.checkpoint,
)  # fmt: skip
_READY = sa.and_(
    equals(_run.namespace),
    equals(_run.work_pool),
    _run.state_type == sa.literal_column(f"'{StateType.SCHEDULED}'"),
    _run.owned == sa.false(),
)
# One program of one queue is one range of the index, in the order of the hand-out.
READY_FLOW_RUNS = (
    sa.select(*FULL_COLUMNS, _run.checkpoint)
    .where(
        _READY,
        equals(_run.work_queue),
        equals(_run.program),
        _run.scheduled_time <= bind(_run.scheduled_time, "now"),
    )
    .order_by(_run.scheduled_time, _run.id)
    .limit(LIMIT)
    .with_for_update(skip_locked=True)
)
# For each queue and program one look at the head of its range, however much waits there.
_queue, _program = each("work_queues"), each("programs")
_heads = sa.select(
    _queue.c.value.label("work_queue"),
    _program.c.value.label("program"),
    sa.select(_run.scheduled_time)
    .where(_READY, _run.work_queue == _queue.c.value, _run.program == _program.c.value)
    .order_by(_run.scheduled_time)
    .limit(1)
    .correlate(_queue, _program)
    .scalar_subquery()
    .label("due"),
).subquery("heads")
WAITING_PROGRAMS = sa.select(_heads).where(_heads.c.due.is_not(None))
BEGIN_LEASE = (
    flow_run.update()
    .where(keyed(flow_run, "namespace", "id", "revision"))
    .values(next_sequence=1, lease_phase=sa.literal_column(f"'{LeasePhase.OFFERED}'"))
)
HELD_LEASES = (
    sa.select(*_LEASE_COLUMNS)
    .where(equals(_run.namespace), one_of(_run.lease_id, "lease_ids"))
    .order_by(_run.lease_id)
)
LOCK_HELD_LEASES = HELD_LEASES.with_for_update()
# Those that the session must list.
ACKNOWLEDGED_LEASES = sa.select(_run.lease_id).where(
    keyed(flow_run, "namespace", "session_id"),
    _run.owned,
    _run.ack_deadline.is_(None),
    _run.list_deadline.is_(None),
)
NOTE_LEASE = (
    flow_run.update()
    .where(keyed(flow_run, "namespace", "id", "fence"))
    .values(binds(_run.lease_phase, _run.checkpoint, _run.ack_deadline, _run.list_deadline))
)
LOCK_FLOW_RUNS_UNDER_LEASES = (
    sa.select(*FLOW_RUN_COLUMNS)
    .where(equals(_run.namespace), one_of(_run.lease_id, "lease_ids"))
    .order_by(_run.lease_id)
    .with_for_update()
)
LEASE_OUTCOMES = sa.select(lease_outcome).where(
    equals(_outcome.namespace), one_of(_outcome.lease_id, "lease_ids")
)
INSERT_LEASE_OUTCOME = insert_into(lease_outcome)
FORGET_LEASE_OUTCOMES = lease_outcome.delete().where(
    sa.tuple_(_outcome.namespace, _outcome.lease_id, _outcome.fence).in_(
        sa.select(_outcome.namespace, _outcome.lease_id, _outcome.fence)
        .where(_outcome.create_time < sa.bindparam("older_than", type_=UtcTime()))
        .limit(LIMIT)
    )
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
UNLISTED = (
    sa.select(_run.namespace, _run.id)
    .where(_run.list_deadline < sa.bindparam("now", type_=UtcTime()))
    .limit(LIMIT)
)
OVERDUE_CANCELS = (
    sa.select(_run.namespace, _run.id)
    .where(_run.cancel_deadline < sa.bindparam("now", type_=UtcTime()))
    .limit(LIMIT)
)
