"""A flow run that ends, or loses its owner, leaves no task run open."""

from typing import Any
from uuid import UUID

import pytest

from builders import NAMESPACE
from contract.state.requests import (
    a_retry_policy,
    an_append,
    an_ending,
    called,
    fresh,
    moved,
    type_of,
)
from contract.state.site import Site
from contract.state.watching import watching
from penstock.api.state.v1 import task_run_service_pb2
from penstock.api.state.v1.journal_service_pb2 import ListJournalRequest
from penstock.api.type.v1 import lease_pb2
from penstockd.state.rules.task_run import Folded, fold
from penstockd.state.servicers.journal import read_entries
from penstockd.state.store.sql_store import SqlTransaction

pytestmark = pytest.mark.asyncio


async def with_open_tasks(site: Site, lease: lease_pb2.Lease) -> list[str]:
    """One runs, one waits, one waits for its next attempt, one is done."""
    ids = [fresh() for _ in range(4)]
    entries = [called(it, "PENDING" if it == ids[1] else "RUNNING") for it in ids]
    entries += [moved(ids[2], "SCHEDULED", name="AwaitingRetry"), moved(ids[3])]
    await site.journal.AppendJournal(an_append(lease, *entries))
    return ids


async def listed(site: Site, lease: lease_pb2.Lease, **changes: Any) -> Any:
    return await site.task_runs.ListTaskRuns(
        task_run_service_pb2.ListTaskRunsRequest(
            namespace=NAMESPACE, flow_run_id=lease.run.flow_run_id, **changes
        )
    )


async def ends(site: Site, lease: lease_pb2.Lease) -> list[str]:
    task_runs = (await listed(site, lease)).task_runs
    assert all(it.HasField("end_time") for it in task_runs)
    return [type_of(it.state) for it in task_runs]


async def test_a_process_that_dies_takes_its_task_runs_with_it(site: Site) -> None:
    lease = await site.a_running_run()
    await with_open_tasks(site, lease)
    await site.leases.Complete(an_ending(lease.lease_ref, message="SIGKILL"))
    assert await ends(site, lease) == ["CRASHED", "CANCELLED", "CANCELLED", "COMPLETED"]
    running = (await listed(site, lease)).task_runs[0]
    assert running.state.message == "the flow run crashed: SIGKILL"
    assert (running.attempt, running.revision) == (1, 2)


async def test_a_lost_session_ends_the_task_runs_of_its_run(site: Site) -> None:
    lease = await site.a_running_run()
    await with_open_tasks(site, lease)
    await site.pass_time(seconds=32)
    assert await site.state(lease.run.flow_run_id) == "CRASHED"
    assert await ends(site, lease) == ["CRASHED", "CANCELLED", "CANCELLED", "COMPLETED"]


async def test_a_cancelled_run_cancels_its_task_runs(site: Site) -> None:
    lease = await site.a_running_run()
    await with_open_tasks(site, lease)
    await site.cancel(lease.run.flow_run_id)
    await site.leases.Complete(an_ending(lease.lease_ref, "cancelled", message="stopped"))
    assert await ends(site, lease) == ["CANCELLED", "CANCELLED", "CANCELLED", "COMPLETED"]


async def test_a_cancellation_that_nobody_ends_cancels_the_task_runs(site: Site) -> None:
    lease = await site.a_claimed_run(await site.a_session())
    await site.move(lease, "RUNNING")
    await with_open_tasks(site, lease)
    await site.cancel(lease.run.flow_run_id)
    await site.pass_time(seconds=90)
    assert await ends(site, lease) == ["CANCELLED", "CANCELLED", "CANCELLED", "COMPLETED"]


@pytest.mark.parametrize("to", ["COMPLETED", "FAILED", "CRASHED"])
async def test_an_owner_that_ends_its_run_leaves_nothing_open(site: Site, to: str) -> None:
    lease = await site.a_running_run()
    await with_open_tasks(site, lease)
    await site.move(lease, to)
    assert await ends(site, lease) == ["CRASHED", "CANCELLED", "CANCELLED", "COMPLETED"]


async def test_a_run_that_is_given_back_leaves_nothing_open(site: Site) -> None:
    """Whoever runs it next makes task runs of its own."""
    lease = await site.a_claimed_run(await site.a_session())
    await site.move(lease, "RUNNING")
    await with_open_tasks(site, lease)
    await site.leases.Complete(
        an_ending(lease.lease_ref, "given_back", message="the worker drains")
    )
    assert await site.state(lease.run.flow_run_id) == "SCHEDULED"
    assert await ends(site, lease) == ["CRASHED", "CANCELLED", "CANCELLED", "COMPLETED"]


async def test_a_retry_of_the_flow_leaves_its_task_runs_alone(site: Site) -> None:
    """The owner lives, and goes on to tell of them."""
    lease = await site.a_running_run(retry_policy=a_retry_policy())
    ids = await with_open_tasks(site, lease)
    await site.move(lease, "FAILED")
    states = [type_of(it.state) for it in (await listed(site, lease)).task_runs]
    assert states == ["RUNNING", "PENDING", "SCHEDULED", "COMPLETED"]
    await site.move(lease, "RUNNING")
    await site.journal.AppendJournal(an_append(lease, moved(ids[0]), first=7))
    await site.move(lease, "COMPLETED")
    assert await ends(site, lease) == ["COMPLETED", "CANCELLED", "CANCELLED", "COMPLETED"]


async def test_a_watch_of_the_task_runs_is_told_how_they_ended(site: Site) -> None:
    lease = await site.a_running_run()
    ids = await with_open_tasks(site, lease)
    request = task_run_service_pb2.WatchTaskRunsRequest(
        namespace=NAMESPACE,
        flow_run_id=lease.run.flow_run_id,
        cursor=(await listed(site, lease)).watch_cursor,
    )
    async with watching(site.task_runs.WatchTaskRuns, request) as watcher:
        await site.leases.Complete(an_ending(lease.lease_ref))
        batch = await watcher.news()
    told = [(it.id, type_of(it.state)) for it in batch.changes]
    assert told == list(zip(ids, ["CRASHED", "CANCELLED", "CANCELLED"], strict=False))


async def test_the_journal_explains_every_row(site: Site) -> None:
    """What the service itself adds is packed behind what the owner sent."""
    lease = await site.a_running_run()
    ids = list(map(UUID, await with_open_tasks(site, lease)))
    await site.pass_time(seconds=32)
    journal = await site.journal.ListJournal(
        ListJournalRequest(namespace=NAMESPACE, run=lease.run)
    )
    positions = [(it.fence, it.sequence) for it in journal.entries]
    assert positions == [(1, sequence) for sequence in range(1, 10)]
    folded = fold(
        read_entries([it.entry for it in journal.entries]),
        {},
        flow_run_id=UUID(lease.run.flow_run_id),
        first_position=1,
    )
    assert isinstance(folded, Folded)
    known = await site.inside.database.read(
        lambda sql: SqlTransaction(sql).journal.known(NAMESPACE, ids)
    )
    assert folded.progress == {key: it.progress for key, it in known.items()}


async def test_a_thousand_and_more_end_together(site: Site) -> None:
    lease = await site.a_running_run()
    first = 1
    for _ in range(3):
        calls = [called(fresh()) for _ in range(700)]
        answer = await site.journal.AppendJournal(an_append(lease, *calls, first=first))
        first = answer.next_sequence
    await site.leases.Complete(an_ending(lease.lease_ref, message="m" * 10_000))
    token = ""
    seen: list[Any] = []
    while not seen or token:
        page = await listed(site, lease, page_size=200, page_token=token)
        token, seen = page.next_page_token, [*seen, *page.task_runs]
    assert len(seen) == 2100
    assert {type_of(it.state) for it in seen} == {"CRASHED"}
