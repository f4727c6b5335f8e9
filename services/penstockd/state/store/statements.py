"""Every statement of the state service; `make gen` writes their texts for both databases."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is SQLite's too

from penstockd.database.columns import Int, UtcTime, one_of
from penstockd.state.rules.state import StateType
from penstockd.state.store.tables import (
    flow,
    flow_run,
    journal,
    log,
    log_source,
    task_run,
    transition,
    worker_session,
)

_run, _session = flow_run.c, worker_session.c
_LIMIT = sa.bindparam("limit", type_=Int())


def _bind(column: sa.Column[Any], name: str | None = None) -> sa.BindParameter[Any]:
    return sa.bindparam(name or column.name, type_=column.type)


def _binds(*columns: sa.Column[Any]) -> dict[str, sa.BindParameter[Any]]:
    return {column.name: _bind(column) for column in columns}


def _insert(table: sa.Table) -> Any:
    return insert(table).values(_binds(*table.c))


def _is(column: sa.Column[Any], name: str | None = None) -> sa.ColumnElement[bool]:
    return column == _bind(column, name)


def _keyed(table: sa.Table, *names: str) -> sa.ColumnElement[bool]:
    return sa.and_(*(_is(table.c[name]) for name in names))


INSERT_FLOW = _insert(flow).on_conflict_do_nothing()
FLOW_BY_NAME = sa.select(flow).where(_keyed(flow, "namespace", "name"))
FLOW_BY_ID = sa.select(flow).where(_keyed(flow, "namespace", "id"))
FLOWS = (
    sa.select(flow)
    .where(_is(flow.c.namespace), flow.c.name > _bind(flow.c.name, "after"))
    .order_by(flow.c.name)
    .limit(_LIMIT)
)


_LEASE = (_run.lease_phase, _run.checkpoint, _run.next_sequence)
_FIXED = (
    _run.namespace, _run.id, _run.name, _run.flow_id, _run.flow_name, _run.flow_version,
    _run.parent_flow_run_id, _run.parent_task_run_id, _run.root_flow_run_id,
    _run.deployment_id, _run.deployment_version, _run.launch, _run.parameters, _run.tags,
    _run.work_pool, _run.work_queue, _run.max_retries, _run.retry_delays, _run.create_time,
    _run.expected_start_time, _run.traceparent, _run.idempotency_key, _run.open_task_runs,
)  # fmt: skip
FLOW_RUN_COLUMNS = tuple(column for column in _run if column not in set(_LEASE))
_MOVING = tuple(column for column in FLOW_RUN_COLUMNS if column not in set(_FIXED))

INSERT_FLOW_RUN = _insert(flow_run).on_conflict_do_nothing()
FLOW_RUN = sa.select(*FLOW_RUN_COLUMNS).where(_keyed(flow_run, "namespace", "id"))
LOCK_FLOW_RUN = FLOW_RUN.with_for_update()
FLOW_RUN_BY_KEY = sa.select(*FLOW_RUN_COLUMNS).where(
    _keyed(flow_run, "namespace", "idempotency_key")
)
# Compare-and-swap: the row still holds the revision that the rule saw.
SAVE_FLOW_RUN = (
    flow_run.update()
    .where(
        _keyed(flow_run, "namespace", "id"),
        _run.revision == sa.bindparam("known_revision", type_=Int()),
    )
    .values(_binds(*_MOVING))
)
FLOW_RUNS_BY_ID = sa.select(*FLOW_RUN_COLUMNS).where(
    _is(_run.namespace), one_of(_run.id, "ids")
)
# The list that is asked for most; those with a filter are built while running.
NEWEST_FLOW_RUNS = (
    sa.select(*FLOW_RUN_COLUMNS)
    .where(_is(_run.namespace), _run.id < _bind(_run.id, "before"))
    .order_by(_run.id.desc())
    .limit(_LIMIT)
)
INSERT_TRANSITION = _insert(transition)
TRANSITIONS = (
    sa.select(transition)
    .where(_keyed(transition, "namespace", "flow_run_id"))
    .order_by(transition.c.revision.desc())
    .limit(_LIMIT)
)
TRANSITIONS_BETWEEN = sa.select(transition).where(
    _is(transition.c.namespace),
    one_of(transition.c.flow_run_id, "ids"),
    transition.c.revision >= sa.bindparam("first", type_=Int()),
    transition.c.revision <= sa.bindparam("last", type_=Int()),
)


_READY = sa.and_(
    _is(_run.namespace),
    _is(_run.work_pool),
    _run.state_type == sa.literal_column(f"'{StateType.SCHEDULED}'"),
    _run.owned == sa.false(),
)
READY_FLOW_RUNS = (
    sa.select(*FLOW_RUN_COLUMNS, _run.checkpoint)
    .where(
        _READY, _is(_run.work_queue), _run.scheduled_time <= _bind(_run.scheduled_time, "now")
    )
    .order_by(_run.scheduled_time, _run.id)
    .limit(_LIMIT)
    .with_for_update(skip_locked=True)
)
NEXT_DUE = (
    sa.select(_run.scheduled_time.label("due"))
    .where(_READY, _is(_run.work_queue))
    .order_by(_run.scheduled_time)
    .limit(1)
)
BEGIN_LEASE = (
    flow_run.update()
    .where(_keyed(flow_run, "namespace", "id", "revision"))
    .values(next_sequence=1, **_binds(_run.lease_phase))
)
HELD_LEASES = (
    sa.select(*FLOW_RUN_COLUMNS, _run.lease_phase, _run.checkpoint)
    .where(_is(_run.namespace), one_of(_run.lease_id, "lease_ids"))
    .order_by(_run.lease_id)
)
LOCK_HELD_LEASES = HELD_LEASES.with_for_update()
NOTE_LEASE = (
    flow_run.update()
    .where(_keyed(flow_run, "namespace", "id", "fence"))
    .values(_binds(_run.lease_phase, _run.checkpoint, _run.ack_deadline))
)
OWNED_FLOW_RUNS = (
    sa.select(*FLOW_RUN_COLUMNS)
    .where(_keyed(flow_run, "namespace", "session_id"), _run.owned)
    .order_by(_run.lease_id)
    .with_for_update()
)
UNACKNOWLEDGED = (
    sa.select(_run.namespace, _run.id)
    .where(_run.ack_deadline < sa.bindparam("now", type_=UtcTime()))
    .limit(_LIMIT)
)
OVERDUE_CANCELS = (
    sa.select(_run.namespace, _run.id)
    .where(_run.cancel_deadline < sa.bindparam("now", type_=UtcTime()))
    .limit(_LIMIT)
)


_task = task_run.c
_PROGRESS = (
    _task.state_type, _task.state_name, _task.state_message, _task.state_time,
    _task.scheduled_time, _task.rolled_back, _task.attempt, _task.attempt_cause,
    _task.revision, _task.result, _task.start_time, _task.end_time,
)  # fmt: skip
JOURNAL_HEAD = (
    sa.select(_run.fence, _run.lease_id, _run.owned, _run.epoch, _run.next_sequence)
    .where(_keyed(flow_run, "namespace", "id"))
    .with_for_update()
)
# The fence is compared once more where it is written.
ADVANCE_JOURNAL = (
    flow_run.update()
    .where(_keyed(flow_run, "namespace", "id", "fence"), _run.owned)
    .values(
        open_task_runs=_run.open_task_runs + sa.bindparam("opened", type_=Int()),
        **_binds(_run.next_sequence),
    )
)
INSERT_BATCH = _insert(journal)
BATCH_BY_REQUEST = sa.select(
    journal.c.flow_run_id, journal.c.first_sequence, journal.c.count, journal.c.request_hash
).where(_keyed(journal, "namespace", "request_id"))
BATCHES = (
    sa.select(journal)
    .where(
        _keyed(journal, "namespace", "flow_run_id"),
        sa.tuple_(journal.c.fence, journal.c.first_sequence)
        >= sa.tuple_(_bind(journal.c.fence), _bind(journal.c.first_sequence)),
    )
    .order_by(journal.c.fence, journal.c.first_sequence)
    .limit(_LIMIT)
)
KNOWN_TASK_RUNS = sa.select(_task.id, _task.flow_run_id, *_PROGRESS).where(
    _is(_task.namespace), one_of(_task.id, "ids")
)
INSERT_TASK_RUN = _insert(task_run)
SAVE_TASK_RUN = (
    task_run.update().where(_keyed(task_run, "namespace", "id")).values(_binds(*_PROGRESS))
)


TASK_RUN = sa.select(task_run).where(_keyed(task_run, "namespace", "id"))
TASK_RUNS_BY_ID = sa.select(task_run).where(_is(_task.namespace), one_of(_task.id, "ids"))
TASK_RUNS = (
    sa.select(task_run)
    .where(
        _keyed(task_run, "namespace", "flow_run_id"), _task.place > _bind(_task.place, "after")
    )
    .order_by(_task.place)
    .limit(_LIMIT)
)
# What is open is mostly called last: the limit ends the search early.
OPEN_TASK_RUNS = (
    sa.select(task_run)
    .where(_keyed(task_run, "namespace", "flow_run_id"), _task.end_time.is_(None))
    .order_by(_task.place.desc())
    .limit(_LIMIT)
)


WORKER_SESSION = sa.select(worker_session).where(_keyed(worker_session, "namespace", "id"))
LOCK_WORKER_SESSION = WORKER_SESSION.with_for_update()
INSERT_WORKER_SESSION = _insert(worker_session).on_conflict_do_nothing()
SAVE_WORKER_SESSION = (
    worker_session.update()
    .where(_keyed(worker_session, "namespace", "id"))
    .values(
        _binds(
            _session.kind, _session.alive, _session.revision,
            _session.create_time, _session.lease_until, _session.end_time,
        )
    )
)  # fmt: skip
WORKER_SESSIONS_BY_ID = sa.select(worker_session).where(
    _is(_session.namespace), one_of(_session.id, "ids")
)
EXPIRED_SESSIONS = (
    sa.select(worker_session)
    .where(_session.alive, _session.lease_until < sa.bindparam("now", type_=UtcTime()))
    .limit(_LIMIT)
)
FORGET_SESSIONS = worker_session.delete().where(
    sa.tuple_(_session.namespace, _session.id).in_(
        sa.select(_session.namespace, _session.id)
        .where(_session.end_time < sa.bindparam("older_than", type_=UtcTime()))
        .limit(_LIMIT)
    )
)
EMBEDDED_SESSIONS = sa.select(worker_session).where(
    _session.alive, _session.lease_until.is_(None)
)


LOCK_FLOW_RUN_LEASE = (
    sa.select(_run.lease_id, _run.attempt)
    .where(_keyed(flow_run, "namespace", "id"))
    .with_for_update()
)
LOG_SOURCE = sa.select(log_source.c.acknowledged_offset).where(
    _keyed(log_source, "namespace", "flow_run_id", "lease_id", "source")
)
SAVE_LOG_SOURCE = _insert(log_source).on_conflict_do_update(
    index_elements=["namespace", "flow_run_id", "lease_id", "source"],
    set_=_binds(log_source.c.acknowledged_offset),
)
LAST_LOG_POSITION = sa.select(
    sa.func.coalesce(sa.func.max(log.c.position), 0, type_=Int()).label("position")
).where(_keyed(log, "namespace", "flow_run_id"))
INSERT_LOG = _insert(log)
LOGS = (
    sa.select(log)
    .where(
        _keyed(log, "namespace", "flow_run_id"),
        log.c.position > _bind(log.c.position, "after"),
        log.c.level >= _bind(log.c.level, "min_level"),
    )
    .order_by(log.c.position)
    .limit(_LIMIT)
)
