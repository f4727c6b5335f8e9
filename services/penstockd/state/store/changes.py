"""From the feed's changes to what was changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from penstockd.database import Sql
from penstockd.database.change_feed import Change, Interest, Outbox
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.flow_run_filter import FlowRunFilter, matches
from penstockd.state.rules.state import TERMINAL
from penstockd.state.rules.view import View
from penstockd.state.rules.worker_session import WorkerSession, forgotten
from penstockd.state.store import flow_run
from penstockd.state.store.ports.transition import Transition
from penstockd.state.store.rows.flow_run import flow_run_of
from penstockd.state.store.rows.transition import transition_of
from penstockd.state.store.rows.worker_session import worker_session_of
from penstockd.state.store.statement_texts.flow_run import (
    BASIC_FLOW_RUNS_BY_ID,
    FULL_FLOW_RUNS_BY_ID,
)
from penstockd.state.store.statement_texts.transition import TRANSITIONS_BETWEEN
from penstockd.state.store.statement_texts.worker_session import WORKER_SESSIONS_BY_ID

FLOW_RUNS_AT_ONCE: Mapping[View, int] = {View.BASIC: 100, View.FULL: 10}


def interest_in_flow_runs(namespace: str, wanted: FlowRunFilter) -> Interest:
    only = wanted.flow_run_ids[0] if len(wanted.flow_run_ids) == 1 else None
    return Interest(namespace=namespace, kinds=(flow_run.KIND,), scope_id=only)


async def changed_flow_runs(
    sql: Sql, outbox: Outbox, of: Interest, cursor: str, wanted: FlowRunFilter, view: View
) -> tuple[str, Sequence[FlowRun] | None]:
    """Return runs as each change left them, of those that still exist and match then.

    None means that nothing of what was read is wanted, and there is more.
    """
    limit = FLOW_RUNS_AT_ONCE[view]
    cursor, changes = await outbox.after(sql, cursor, of, limit=limit)
    if not changes:
        return cursor, ()
    ids = _ids(changes)
    by_id = FULL_FLOW_RUNS_BY_ID if view is View.FULL else BASIC_FLOW_RUNS_BY_ID
    rows = await sql.all(by_id, namespace=of.namespace, ids=ids)
    runs = {row["id"]: flow_run_of(row) for row in rows}
    revisions = [change.seq for change in changes]
    history = await sql.all(
        TRANSITIONS_BETWEEN,
        namespace=of.namespace,
        ids=ids,
        first=min(revisions),
        last=max(revisions),
    )
    left = {(row["flow_run_id"], row["revision"]): transition_of(row) for row in history}
    changed = [
        as_left_by(runs[it.resource_id], left[it.resource_id, it.seq])
        for it in changes
        if it.resource_id in runs and (it.resource_id, it.seq) in left
    ]
    kept = [run for run in changed if matches(run, wanted)]
    return cursor, kept if kept or len(changes) < limit else None


def as_left_by(run: FlowRun, transition: Transition) -> FlowRun:
    """Return the run as one of its transitions left it; what never moves is as it is."""
    if transition.revision == run.revision:
        return run
    return replace(
        run,
        state=transition.state,
        revision=transition.revision,
        attempt=transition.attempt,
        attempt_cause=transition.attempt_cause,
        epoch=transition.epoch,
        ownership=replace(run.ownership, session_id=transition.session_id),
        start_time=transition.start_time,
        end_time=transition.state.time if transition.state.type in TERMINAL else None,
        result_id=transition.result_id,
        failure=transition.failure,
    )


async def changed_sessions(
    sql: Sql, outbox: Outbox, of: Interest, cursor: str
) -> tuple[str, Sequence[WorkerSession]]:
    cursor, changes = await outbox.after(sql, cursor, of)
    if not changes:
        return cursor, ()
    ids = _ids(changes)
    rows = await sql.all(WORKER_SESSIONS_BY_ID, namespace=of.namespace, ids=ids)
    found = {row["id"]: worker_session_of(row) for row in rows}
    last = {change.resource_id: change for change in changes}
    return cursor, [found.get(it) or _forgotten(last[it]) for it in ids]


def _forgotten(change: Change) -> WorkerSession:
    return forgotten(
        change.namespace, change.resource_id, revision=change.seq, at=change.create_time
    )


def _ids(changes: Sequence[Change]) -> list[UUID]:
    """Return each resource once, at its last change."""
    return list(dict.fromkeys(it.resource_id for it in reversed(changes)))[::-1]
