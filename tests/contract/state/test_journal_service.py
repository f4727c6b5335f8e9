from typing import Any

import pytest

from builders import NAMESPACE
from contract.state.requests import (
    NULL,
    a_claim,
    a_failure,
    a_run_ref,
    an_append,
    called,
    fresh,
    moved,
    stale,
    type_of,
)
from contract.state.site import Site
from penstock.api.state.v1 import journal_pb2, step_pb2, task_run_pb2
from penstock.api.state.v1 import journal_service_pb2 as pb
from penstock.api.state.v1 import task_run_service_pb2 as tasks_pb
from penstock.api.type.v1 import lease_pb2, run_ref_pb2
from penstock.errors import (
    FlowRunNotFound,
    IdTaken,
    InvalidArgument,
    LeaseLost,
    NotSupportedYet,
    PageTokenInvalid,
    RequestIdReused,
    SequenceGap,
    TaskRunNotFound,
)
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio
LONGEST_STACK, LONGEST_MESSAGE = 65_536, 4 * 1024 * 1024


def a_list(run: run_ref_pb2.RunRef, *, size: int = 0, token: str = "") -> pb.ListJournalRequest:
    return pb.ListJournalRequest(namespace=NAMESPACE, run=run, page_size=size, page_token=token)


def of_task_run(task_run_id: str) -> run_ref_pb2.RunRef:
    return run_ref_pb2.RunRef(task_run_id=task_run_id)


async def all_pages(site: Site, run: run_ref_pb2.RunRef, size: int) -> tuple[list[Any], int]:
    """Return the entries of a journal, and how many pages they took."""
    found: list[Any] = []
    pages, token = 0, ""
    while not pages or token:
        page = await site.journal.ListJournal(a_list(run, size=size, token=token))
        found += page.entries
        pages, token = pages + 1, page.next_page_token
    return found, pages


async def task_run(site: Site, task_run_id: str) -> task_run_pb2.TaskRun:
    request = tasks_pb.GetTaskRunRequest(namespace=NAMESPACE, task_run_id=task_run_id)
    return (await site.task_runs.GetTaskRun(request)).task_run  # type: ignore[no-any-return]


async def names(site: Site, lease: lease_pb2.Lease) -> list[str]:
    listed = await site.task_runs.ListTaskRuns(
        tasks_pb.ListTaskRunsRequest(namespace=NAMESPACE, flow_run_id=lease.run.flow_run_id)
    )
    return [it.id for it in listed.task_runs]


async def test_a_task_is_recorded_from_call_to_result(site: Site) -> None:
    lease, task_run_id = await site.a_running_run(), fresh()
    entry = called(task_run_id, "PENDING")
    upstream = entry.called.upstream.add(kind=step_pb2.UPSTREAM_KIND_DATA, parameter="water")
    upstream.run.task_run_id = fresh()
    started = entry.called.upstream.add(kind=step_pb2.UPSTREAM_KIND_SUBFLOW)
    started.run.flow_run_id = fresh()
    entry.called.inputs["water"].CopyFrom(NULL)
    entry.called.tags.append("wet")
    entry.called.parent_task_run_id = fresh()
    entry.called.has_rollback_hook = True
    batch = an_append(
        lease, entry, moved(task_run_id, "RUNNING", attempt=1), moved(task_run_id)
    )
    assert (await site.journal.AppendJournal(batch)).next_sequence == 4
    found = await task_run(site, task_run_id)
    assert (type_of(found.state), found.attempt, found.revision) == ("COMPLETED", 1, 3)
    assert found.step == entry.called.step
    assert found.result.inline == b"null"
    assert found.upstream == entry.called.upstream
    assert found.inputs == entry.called.inputs
    assert (list(found.tags), found.has_rollback_hook) == (["wet"], True)
    assert found.parent_task_run_id == entry.called.parent_task_run_id
    assert found.HasField("start_time")
    assert found.HasField("end_time")


async def test_later_batches_go_on_with_known_task_runs(site: Site) -> None:
    lease, task_run_id = await site.a_running_run(), fresh()
    await site.journal.AppendJournal(an_append(lease, called(task_run_id)))
    await site.journal.AppendJournal(
        an_append(
            lease,
            moved(task_run_id, "SCHEDULED", name="AwaitingRetry"),
            moved(task_run_id, "RUNNING", attempt=2),
            moved(task_run_id),
            moved(task_run_id, name="RolledBack"),
            first=2,
        )
    )
    found = await task_run(site, task_run_id)
    assert (found.state.name, found.attempt, found.revision) == ("RolledBack", 2, 5)


async def test_a_batch_that_comes_twice_is_appended_once(site: Site) -> None:
    lease, task_run_id = await site.a_running_run(), fresh()
    batch = an_append(lease, called(task_run_id), moved(task_run_id))
    first = await site.journal.AppendJournal(batch)
    assert await site.journal.AppendJournal(batch) == first
    assert (await task_run(site, task_run_id)).revision == 2


async def test_entries_that_are_known_are_skipped(site: Site) -> None:
    lease, first, second = await site.a_running_run(), fresh(), fresh()
    entries = called(first), moved(first), called(second)
    await site.journal.AppendJournal(an_append(lease, *entries[:2]))
    again = await site.journal.AppendJournal(an_append(lease, *entries))
    assert again.next_sequence == 4
    assert (await site.journal.AppendJournal(an_append(lease, *entries))).next_sequence == 4
    assert await names(site, lease) == [first, second]


@pytest.mark.parametrize("batches", [1, 3])
async def test_another_entry_at_a_known_sequence_is_refused_and_not_dropped(
    site: Site, batches: int
) -> None:
    lease = await site.a_running_run()
    entries = [called(fresh()) for _ in range(3 * batches)]
    for first in range(0, len(entries), 3):
        await site.journal.AppendJournal(
            an_append(lease, *entries[first : first + 3], first=first + 1)
        )
    last = len(entries) - 1
    changed = [*entries[:last], called(fresh()), called(fresh())]
    with pytest.raises(InvalidArgument) as refused, named_errors():
        await site.journal.AppendJournal(an_append(lease, *changed))
    (violation,) = refused.value.violations
    assert violation.field == f"entries[{last}]"
    assert "another entry has this sequence number" in violation.description
    assert await names(site, lease) == [it.called.task_run_id for it in entries]
    known = await site.journal.AppendJournal(an_append(lease, *entries[1:], first=2))
    assert known.next_sequence == len(entries) + 1


async def test_a_gap_is_refused_with_the_sequence_that_comes_next(site: Site) -> None:
    lease = await site.a_running_run()
    await site.journal.AppendJournal(an_append(lease, called(fresh())))
    with pytest.raises(SequenceGap) as refused, named_errors():
        await site.journal.AppendJournal(an_append(lease, called(fresh()), first=4))
    assert refused.value.metadata["expected"] == "2"
    assert len(await names(site, lease)) == 1


async def test_a_request_id_serves_one_batch(site: Site) -> None:
    lease = await site.a_running_run()
    batch = an_append(lease, called(fresh()))
    await site.journal.AppendJournal(batch)
    batch.entries[0].called.name = "another"
    with pytest.raises(RequestIdReused), named_errors():
        await site.journal.AppendJournal(batch)


async def test_an_illegal_entry_is_named_and_nothing_of_its_batch_is_kept(site: Site) -> None:
    lease, first, second = await site.a_running_run(), fresh(), fresh()
    await site.journal.AppendJournal(an_append(lease, called(first), moved(first)))
    batch = an_append(lease, called(second), moved(first, "RUNNING"), first=3)
    with pytest.raises(InvalidArgument, match=r"entries\[1\]"), named_errors():
        await site.journal.AppendJournal(batch)
    assert await names(site, lease) == [first]
    assert await site.journal.AppendJournal(an_append(lease, called(second), first=3))


async def test_the_id_of_another_flow_runs_task_is_taken(site: Site) -> None:
    ours, theirs, task_run_id = await site.a_running_run(), await site.a_running_run(), fresh()
    await site.journal.AppendJournal(an_append(theirs, called(task_run_id)))
    for entry in (called(task_run_id), moved(task_run_id)):
        with pytest.raises(IdTaken), named_errors():
            await site.journal.AppendJournal(an_append(ours, entry))


async def test_a_stale_lease_appends_nothing(site: Site) -> None:
    lease = await site.a_running_run()
    with pytest.raises(LeaseLost), named_errors():
        await site.journal.AppendJournal(an_append(stale(lease), called(fresh())))
    assert await names(site, lease) == []


async def test_a_run_that_ended_takes_no_more_entries(site: Site) -> None:
    lease = await site.a_running_run()
    await site.move(lease, "COMPLETED")
    with pytest.raises(LeaseLost), named_errors():
        await site.journal.AppendJournal(an_append(lease, called(fresh())))


async def test_a_journal_belongs_to_a_run(site: Site) -> None:
    lease = await site.a_running_run()
    lease.run.flow_run_id = fresh()
    with pytest.raises(FlowRunNotFound), named_errors():
        await site.journal.AppendJournal(an_append(lease, called(fresh())))
    with pytest.raises(FlowRunNotFound), named_errors():
        await site.journal.ListJournal(a_list(lease.run))
    with pytest.raises(TaskRunNotFound), named_errors():
        await site.journal.ListJournal(a_list(of_task_run(fresh())))


async def test_a_bad_entry_is_refused(site: Site) -> None:
    lease = await site.a_running_run()
    with pytest.raises(InvalidArgument, match="task_run_id"), named_errors():
        await site.journal.AppendJournal(an_append(lease, called("my task")))


async def test_what_ended_an_attempt_badly_is_kept_until_the_next_one_begins(
    site: Site,
) -> None:
    lease, task_run_id = await site.a_running_run(), fresh()
    awaiting = moved(task_run_id, "SCHEDULED", name="AwaitingRetry")
    awaiting.moved.failure.CopyFrom(failure := a_failure(stack="line 1", data=NULL))
    await site.journal.AppendJournal(an_append(lease, called(task_run_id), awaiting))
    assert (await task_run(site, task_run_id)).failure == failure
    retried = moved(task_run_id, "RUNNING", attempt=2)
    await site.journal.AppendJournal(an_append(lease, retried, first=3))
    assert not (await task_run(site, task_run_id)).HasField("failure")
    failed = moved(task_run_id, "FAILED")
    failed.moved.failure.CopyFrom(last := a_failure("KeyError"))
    await site.journal.AppendJournal(an_append(lease, failed, first=4))
    assert (await task_run(site, task_run_id)).failure == last


async def test_an_outcome_that_does_not_fit_its_state_is_refused(site: Site) -> None:
    """It would be dropped without a word."""
    lease, task_run_id = await site.a_running_run(), fresh()
    await site.journal.AppendJournal(an_append(lease, called(task_run_id)))
    failed, completed = moved(task_run_id, "FAILED"), moved(task_run_id)
    failed.moved.result.CopyFrom(NULL)
    completed.moved.failure.CopyFrom(a_failure())
    for entry in (failed, completed):
        with pytest.raises(InvalidArgument, match=r"entries\[0\]"), named_errors():
            await site.journal.AppendJournal(an_append(lease, entry, first=2))
    assert type_of((await task_run(site, task_run_id)).state) == "RUNNING"


def a_transaction_that_moved() -> journal_pb2.JournalEntry:
    entry = called(fresh())
    entry.transaction_moved.transaction_id = fresh()
    entry.transaction_moved.state = journal_pb2.TRANSACTION_STATE_STAGED
    return entry


def a_divergence() -> journal_pb2.JournalEntry:
    entry = called(fresh())
    entry.divergence.step.task_key = "pour:pipeline.py"
    entry.divergence.kind = journal_pb2.DIVERGENCE_KIND_NOT_CALLED
    entry.divergence.policy = journal_pb2.DIVERGENCE_POLICY_RERUN
    return entry


async def test_what_is_not_built_yet_is_said_and_nothing_is_kept(site: Site) -> None:
    lease = await site.a_running_run()
    for entry, field in (
        (a_transaction_that_moved(), "entries[1].transaction_moved"),
        (a_divergence(), "entries[1].divergence"),
    ):
        with pytest.raises(NotSupportedYet) as refused, named_errors():
            await site.journal.AppendJournal(an_append(lease, called(fresh()), entry))
        assert refused.value.metadata["field"] == field
    lease.run.task_run_id = fresh()
    with pytest.raises(NotSupportedYet) as refused, named_errors():
        await site.journal.AppendJournal(an_append(lease, called(fresh())))
    assert refused.value.metadata["field"] == "run.task_run_id"


async def test_a_journal_is_read_as_it_was_written(site: Site) -> None:
    lease, first, second = await site.a_running_run(), fresh(), fresh()
    batches = (
        [called(first), called(second, "PENDING"), moved(first)],
        [moved(second, "RUNNING", attempt=1)],
        [moved(second, "FAILED"), moved(first, name="RolledBack")],
    )
    sequence = 1
    for batch in batches:
        await site.journal.AppendJournal(an_append(lease, *batch, first=sequence))
        sequence += len(batch)
    written = [entry for batch in batches for entry in batch]
    for size, pages in ((0, 1), (1, 6), (2, 3), (4, 2)):
        found, taken = await all_pages(site, lease.run, size)
        assert [it.entry for it in found] == written
        assert [it.sequence for it in found] == [1, 2, 3, 4, 5, 6]
        assert {it.fence for it in found} == {lease.lease_ref.fence}
        assert taken == pages


async def test_entries_that_came_twice_are_read_once(site: Site) -> None:
    lease, first, second = await site.a_running_run(), fresh(), fresh()
    entries = called(first), moved(first), called(second)
    await site.journal.AppendJournal(an_append(lease, *entries[:2]))
    await site.journal.AppendJournal(an_append(lease, *entries))
    found, _ = await all_pages(site, lease.run, 0)
    assert [it.entry for it in found] == list(entries)


async def test_a_task_runs_own_history_is_read_from_its_call_on(site: Site) -> None:
    lease, ours, sequence = await site.a_running_run(), fresh(), 1
    mine = [
        called(ours, "PENDING"),
        moved(ours, "RUNNING", attempt=1),
        moved(ours, "SCHEDULED", name="AwaitingRetry"),
        moved(ours, "RUNNING", attempt=2),
        moved(ours),
    ]
    for entry in mine:
        batch = [called(fresh()), entry, called(fresh())]
        await site.journal.AppendJournal(an_append(lease, *batch, first=sequence))
        sequence += len(batch)
    for size, pages in ((0, 1), (2, 3), (5, 1)):
        found, taken = await all_pages(site, of_task_run(ours), size)
        assert [it.entry for it in found] == mine
        assert [it.sequence for it in found] == [2, 5, 8, 11, 14]
        assert taken == pages


async def test_the_journals_of_all_owners_are_one(site: Site) -> None:
    lease = await site.a_claimed_run(await site.a_session())
    await site.move(lease, "RUNNING")
    await site.journal.AppendJournal(an_append(lease, called(fresh())))
    await site.move(lease, "SCHEDULED")
    again = await site.leases.Claim(a_claim(await site.a_session()))
    next_lease = again.claimed[0].lease
    await site.move(next_lease, "RUNNING")
    await site.journal.AppendJournal(an_append(next_lease, called(fresh())))
    found, _ = await all_pages(site, lease.run, 1)
    kinds = [it.entry.WhichOneof("entry") for it in found]
    # What the first owner left open was ended by the service.
    assert kinds == ["called", "moved", "called"]
    positions = [(it.fence, it.sequence) for it in found]
    assert positions == sorted(positions)
    assert positions[0][0] < positions[-1][0]


async def test_a_page_token_belongs_to_its_run(site: Site) -> None:
    lease = await site.a_running_run()
    await site.journal.AppendJournal(an_append(lease, called(fresh()), called(fresh())))
    page = await site.journal.ListJournal(a_list(lease.run, size=1))
    for run in (a_run_ref(fresh()), of_task_run(lease.run.flow_run_id)):
        with pytest.raises(PageTokenInvalid), named_errors():
            await site.journal.ListJournal(a_list(run, token=page.next_page_token))


async def test_the_largest_entries_are_read_in_pages(site: Site) -> None:
    lease, sequence = await site.a_running_run(), 1
    for _ in range(5):
        batch = []
        for task_run_id in (fresh() for _ in range(20)):
            end = moved(task_run_id, "FAILED")
            end.moved.failure.CopyFrom(a_failure(stack="x" * LONGEST_STACK))
            batch += [called(task_run_id), end]
        await site.journal.AppendJournal(an_append(lease, *batch, first=sequence))
        sequence += len(batch)
    sizes: list[int] = []
    token = ""
    while not sizes or token:
        page = await site.journal.ListJournal(a_list(lease.run, size=1000, token=token))
        assert page.ByteSize() < LONGEST_MESSAGE
        sizes.append(len(page.entries))
        token = page.next_page_token
    assert sum(sizes) == 200
    assert len(sizes) == 3
    first = (await names(site, lease))[0]
    found, pages = await all_pages(site, of_task_run(first), 0)
    assert (len(found), pages) == (2, 1)
