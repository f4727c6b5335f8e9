"""What every filling of the store must pass: values come back, and stale writes lose."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from builders import (
    NAMESPACE,
    NOON,
    a_call,
    a_flow_run,
    a_session,
    a_state,
    a_step_to,
    an_id,
    an_owned_run,
)
from penstock.errors import FlowRunNotFound, LeaseLost, RevisionConflict
from penstockd.state.rules.actor import USER, worker
from penstockd.state.rules.failure import FailureRecord
from penstockd.state.rules.flow import Flow
from penstockd.state.rules.flow_run import FlowRun, moved
from penstockd.state.rules.flow_run_filter import EVERYTHING, FlowRunFilter, TagFilter
from penstockd.state.rules.lease import LeasePhase
from penstockd.state.rules.log import LogLine
from penstockd.state.rules.run_spec import RetryPolicy
from penstockd.state.rules.state import AttemptCause, S
from penstockd.state.rules.task_run import Entry, Folded, Known, fold, position_of
from penstockd.state.rules.view import View
from penstockd.state.rules.worker_session import WorkerSession
from penstockd.state.store import Store, Transaction
from penstockd.state.store.ports.journal import JournalBatch
from penstockd.state.store.ports.log import LinesWanted, Writer
from penstockd.state.store.ports.transition import Transition

pytestmark = pytest.mark.asyncio
WORKER = worker(an_id())


async def keep(store: Store, run: FlowRun) -> FlowRun:
    async def work(tx: Transaction) -> None:
        assert await tx.flow_runs.insert(run, actor=USER, phase=LeasePhase.ACKNOWLEDGED)

    await store.write(work)
    return run


async def load(store: Store, run: FlowRun, view: View = View.BASIC) -> FlowRun:
    return await store.read(lambda tx: tx.flow_runs.load(NAMESPACE, run.id, view=view))


def a_batch(run: FlowRun, **changes: Any) -> JournalBatch:
    batch = JournalBatch(
        namespace=NAMESPACE,
        flow_run_id=run.id,
        fence=run.ownership.fence,
        first_sequence=1,
        count=1,
        request_id=an_id(),
        request_hash=b"hash",
        entries=b"entries",
    )
    return replace(batch, **changes)


async def test_a_run_comes_back_as_it_was_kept(store: Store) -> None:
    policy = RetryPolicy(
        max_retries=3,
        retry_delays=(timedelta(seconds=0.5),) * 2,
        jitter_factor=0.1,
        retry_on=("OSError",),
        no_retry_on=("ValueError", "naïve"),
    )
    run = an_owned_run(
        state=a_state(S.RUNNING, name="Retrying", message="naïve ≥ 1", rolled_back=True),
        parent_flow_run_id=an_id(),
        parent_task_run_id=an_id(),
        deployment_id=an_id(),
        deployment_version=7,
        content=b"\x00spec",
        parameters=b"\xffparameters",
        tags=("wet", "cold"),
        labels={"team": "water", "tier": ""},
        program="handler:pour",
        creator=WORKER,
        failure=FailureRecord(brief=b"brief", whole=b"whole"),
        delete_requested=True,
        retry_policy=policy,
        attempt_cause=AttemptCause.RETRY,
        result_id=an_id(),
        idempotency_key="daily:noon",
        start_time=NOON + timedelta(microseconds=1),
        end_time=NOON + timedelta(days=1),
        ack_deadline=NOON,
        cancel_deadline=NOON,
        traceparent="00-ab-cd-01",
    )
    await keep(store, run)
    assert await load(store, run, View.FULL) == run
    without = replace(run, spec=replace(run.spec, parameters=b""))
    assert await load(store, run) == without
    by_key = await store.read(lambda tx: tx.flow_runs.by_key(NAMESPACE, "daily:noon"))
    assert by_key == without


async def test_a_key_is_taken_once(store: Store) -> None:
    await keep(store, a_flow_run(idempotency_key="daily:noon"))
    again = a_flow_run(idempotency_key="daily:noon")
    taken = await store.write(
        lambda tx: tx.flow_runs.insert(again, actor=USER, phase=LeasePhase.OFFERED)
    )
    assert not taken
    with pytest.raises(FlowRunNotFound):
        await load(store, again)


async def test_a_stale_save_loses_and_leaves_nothing(store: Store) -> None:
    run = await keep(store, an_owned_run())
    done = moved(run, a_state(S.COMPLETED))
    await store.write(lambda tx: tx.flow_runs.save(done, actor=WORKER))
    with pytest.raises(RevisionConflict):
        await store.write(lambda tx: tx.flow_runs.save(done, actor=WORKER))
    history = await store.read(
        lambda tx: tx.transitions.page(NAMESPACE, run.id, after=0, limit=10)
    )
    assert [(it.revision, it.state) for it in history] == [(1, run.state), (2, done.state)]


async def test_a_failed_transaction_leaves_neither_run_nor_change(store: Store) -> None:
    run = a_flow_run()
    before = await store.read(lambda tx: tx.cursor())

    async def work(tx: Transaction) -> None:
        await tx.flow_runs.insert(run, actor=USER, phase=LeasePhase.OFFERED)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.write(work)
    with pytest.raises(FlowRunNotFound):
        await load(store, run)
    _, changes = await anext(
        store.watch_flow_runs(NAMESPACE, before, EVERYTHING, view=View.BASIC)
    )
    assert not changes


@pytest.mark.parametrize("change", [{"fence": 2}, {"fence": 0}])
async def test_a_stale_fence_appends_nothing(store: Store, change: dict[str, int]) -> None:
    run = await keep(store, an_owned_run())
    batch = a_batch(run, **change)
    with pytest.raises(LeaseLost):
        await store.write(lambda tx: tx.journal.append(batch, Folded(), epoch=0, at=NOON))
    head = await store.write(lambda tx: tx.journal.head(NAMESPACE, run.id))
    assert head.next_sequence == 1


async def test_a_batch_moves_the_head_of_its_journal(store: Store) -> None:
    run = await keep(store, an_owned_run())
    batch = a_batch(run, count=3)
    await store.write(lambda tx: tx.journal.append(batch, Folded(), epoch=0, at=NOON))
    head = await store.write(lambda tx: tx.journal.head(NAMESPACE, run.id))
    assert (head.next_sequence, head.lease_id, head.owned) == (4, run.ownership.lease_id, True)
    known = await store.read(lambda tx: tx.journal.length_of(NAMESPACE, batch.request_id))
    assert known == (run.id, 4, b"hash")


async def test_what_a_journal_leaves_open_is_counted_and_found(store: Store) -> None:
    run = await keep(store, an_owned_run())
    calls = [a_call(state_type=S.RUNNING) for _ in range(3)]
    ends = [a_step_to(calls[1].task_run_id, S.COMPLETED)]

    async def append(first: int, entries: Sequence[Entry], known: dict[UUID, Known]) -> None:
        position = position_of(run.ownership.fence, first)
        folded = fold(entries, known, flow_run_id=run.id, first_position=position)
        assert isinstance(folded, Folded)
        batch = a_batch(run, first_sequence=first, count=len(entries))
        await store.write(lambda tx: tx.journal.append(batch, folded, epoch=0, at=NOON))

    async def left_open(limit: int) -> list[UUID]:
        found = await store.read(
            lambda tx: tx.task_runs.left_open(NAMESPACE, run.id, limit=limit)
        )
        return [it.called.task_run_id for it in found]

    await append(1, calls, {})
    assert (await load(store, run)).open_task_runs == 3
    known = await store.read(
        lambda tx: tx.journal.known(NAMESPACE, [it.task_run_id for it in calls])
    )
    await append(4, ends, known)
    assert (await load(store, run)).open_task_runs == 2
    assert await left_open(9) == [calls[2].task_run_id, calls[0].task_run_id]
    assert await left_open(1) == [calls[2].task_run_id]


async def test_a_run_that_is_saved_keeps_the_count_of_its_journal(store: Store) -> None:
    run = await keep(store, an_owned_run(open_task_runs=2))
    stale = replace(run, open_task_runs=0, revision=2)
    await store.write(lambda tx: tx.flow_runs.save(stale, actor=WORKER))
    assert (await load(store, run)).open_task_runs == 2


async def test_a_flow_is_made_once(store: Store) -> None:
    first = Flow(namespace=NAMESPACE, id=an_id(), name="spill", create_time=NOON)
    again = replace(first, id=an_id())
    assert await store.write(lambda tx: tx.flows.obtain(first)) == first
    assert await store.write(lambda tx: tx.flows.obtain(again)) == first


async def test_a_session_comes_back_as_it_was_kept(store: Store) -> None:
    session = a_session()
    await store.write(lambda tx: tx.worker_sessions.save(session, tell_at=NOON))
    later = replace(session, lease_until=NOON + timedelta(minutes=1))
    await store.write(lambda tx: tx.worker_sessions.save(later))
    found = await store.read(lambda tx: tx.worker_sessions.find(NAMESPACE, session.id))
    assert found == later
    ended = replace(later, alive=False, revision=2)
    await store.write(lambda tx: tx.worker_sessions.save(ended, tell_at=NOON))
    found = await store.read(lambda tx: tx.worker_sessions.find(NAMESPACE, session.id))
    assert found == ended


async def test_sessions_expire_by_their_time(store: Store) -> None:
    session = a_session()
    await store.write(lambda tx: tx.worker_sessions.save(session, tell_at=NOON))

    async def expired(seconds: int) -> list[WorkerSession]:
        now = NOON + timedelta(seconds=seconds)
        return await store.read(lambda tx: tx.worker_sessions.expired(now, limit=9))

    assert await expired(15) == []
    assert await expired(16) == [session]


async def test_sessions_that_ended_long_ago_are_forgotten(store: Store) -> None:
    alive = a_session()
    over = replace(a_session(), alive=False, end_time=NOON)
    await store.write(lambda tx: tx.worker_sessions.save(alive, tell_at=NOON))
    await store.write(lambda tx: tx.worker_sessions.save(over, tell_at=NOON))

    async def left(older_than: datetime) -> list[bool]:
        async def work(tx: Transaction) -> list[bool]:
            await tx.expire(requests=NOON, changes=NOON, sessions=older_than)
            found = [await tx.worker_sessions.find(NAMESPACE, it.id) for it in (alive, over)]
            return [it is not None for it in found]

        return await store.write(work)

    assert await left(NOON) == [True, True]
    assert await left(NOON + timedelta(seconds=1)) == [True, False]


async def test_lines_come_back_as_they_were_kept(store: Store) -> None:
    run = await keep(store, an_owned_run())
    line = LogLine(
        offset=1, time=NOON, level=20, logger="flow", message="naïve", task_run_id=an_id()
    )
    writer = Writer(namespace=NAMESPACE, flow_run_id=run.id, lease_id=an_id(), source="run")
    await store.write(lambda tx: tx.logs.append(writer, [line]))
    wanted = LinesWanted(namespace=NAMESPACE, flow_run_id=run.id)
    assert await store.read(lambda tx: tx.logs.page(wanted, limit=9)) == [(1, line)]


async def test_a_flow_is_deleted_unless_it_has_runs(store: Store) -> None:
    flow = Flow(namespace=NAMESPACE, id=an_id(), name="pipeline", create_time=NOON)
    await store.write(lambda tx: tx.flows.obtain(flow))
    run = await keep(store, a_flow_run())
    assert await store.write(lambda tx: tx.flows.delete(flow)) == 1
    await store.write(lambda tx: tx.flow_runs.delete(NAMESPACE, [run.id]))
    assert await store.write(lambda tx: tx.flows.delete(flow)) == 0
    assert await store.read(lambda tx: tx.flows.by_id(NAMESPACE, flow.id)) is None


async def test_a_run_that_is_deleted_leaves_its_key_and_its_labels_to_others(
    store: Store,
) -> None:
    first = await keep(store, a_flow_run(idempotency_key="daily", tags=("wet",)))
    await store.write(lambda tx: tx.flow_runs.delete(NAMESPACE, [first.id]))
    again = await keep(store, a_flow_run(idempotency_key="daily", tags=("wet",)))
    wet = FlowRunFilter(tags=TagFilter(all=("wet",)))
    found = await store.read(
        lambda tx: tx.flow_runs.page(
            NAMESPACE, wet, after=None, limit=9, oldest_first=False, view=View.BASIC
        )
    )
    assert found == [again]


async def test_what_is_to_be_deleted_is_found_once_it_has_ended(store: Store) -> None:
    run = await keep(store, an_owned_run())
    await store.write(lambda tx: tx.flow_runs.request_deletion(run))

    async def found() -> list[tuple[str, UUID]]:
        return await store.read(lambda tx: tx.flow_runs.to_delete(limit=9))

    assert await found() == []
    marked = await load(store, run)
    assert marked == replace(run, delete_requested=True)
    ended = moved(marked, a_state(S.CANCELLED))
    await store.write(lambda tx: tx.flow_runs.save(ended, actor=WORKER))
    assert await found() == [(NAMESPACE, run.id)]


async def test_a_deleted_run_is_not_told_of_any_more(store: Store) -> None:
    before = await store.read(lambda tx: tx.cursor())
    first, second = await keep(store, a_flow_run()), await keep(store, a_flow_run())
    await store.write(lambda tx: tx.flow_runs.delete(NAMESPACE, [first.id]))
    watch = store.watch_flow_runs(NAMESPACE, before, EVERYTHING, view=View.BASIC)
    _, changes = await anext(watch)
    assert changes == [second]


async def test_a_transition_comes_back_as_it_was_kept(store: Store) -> None:
    run = await keep(store, an_owned_run(epoch=2, attempt_cause=AttemptCause.RESUME))
    failure = FailureRecord(brief=b"brief", whole=b"whole")
    failed = replace(
        moved(run, a_state(S.FAILED)), failure=failure, start_time=NOON, result_id=an_id()
    )
    await store.write(lambda tx: tx.flow_runs.save(failed, actor=WORKER, fence=1))
    last = (
        await store.read(lambda tx: tx.transitions.page(NAMESPACE, run.id, after=1, limit=9))
    )[0]
    assert last == Transition(
        flow_run_id=run.id,
        revision=2,
        state=failed.state,
        attempt=1,
        actor=WORKER,
        attempt_cause=AttemptCause.RESUME,
        epoch=2,
        session_id=run.ownership.session_id,
        start_time=NOON,
        result_id=failed.result_id,
        failure=FailureRecord(brief=b"brief"),
        fence=1,
    )
