import pytest

from builders import NAMESPACE
from contract.state.requests import (
    an_append,
    called,
    fresh,
    moved,
    stale,
    type_of,
)
from contract.state.site import Site
from penstock.api.state.v1 import flow_run_service_pb2, lease_pb2
from penstock.api.state.v1 import task_run_service_pb2 as pb
from penstock.errors import (
    FlowRunNotFound,
    IdTaken,
    InvalidArgument,
    LeaseLost,
    PageTokenInvalid,
    RequestIdReused,
    TaskRunNotFound,
)
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio


def a_list(flow_run_id: str, *, size: int = 0, token: str = "") -> pb.ListTaskRunsRequest:
    return pb.ListTaskRunsRequest(
        namespace=NAMESPACE, flow_run_id=flow_run_id, page_size=size, page_token=token
    )


async def task_run(site: Site, task_run_id: str) -> pb.GetTaskRunResponse:
    request = pb.GetTaskRunRequest(namespace=NAMESPACE, task_run_id=task_run_id)
    return await site.task_runs.GetTaskRun(request)  # type: ignore[no-any-return]


async def names(site: Site, lease: lease_pb2.Lease) -> list[str]:
    listed = await site.task_runs.ListTaskRuns(a_list(lease.flow_run_id))
    return [it.id for it in listed.task_runs]


async def test_a_task_is_recorded_from_call_to_result(site: Site) -> None:
    lease, task_run_id = await site.a_running_run(), fresh()
    entry = called(task_run_id, "PENDING")
    entry.called.upstream_task_run_ids.append(fresh())
    entry.called.tags.append("wet")
    entry.called.parent_task_run_id = fresh()
    entry.called.has_rollback_hook = True
    batch = an_append(
        lease, entry, moved(task_run_id, "RUNNING", attempt=1), moved(task_run_id)
    )
    assert (await site.journal.AppendJournal(batch)).next_sequence == 4
    found = (await task_run(site, task_run_id)).task_run
    assert (type_of(found.state), found.attempt, found.revision) == ("COMPLETED", 1, 3)
    assert found.step == entry.called.step
    assert found.result.inline == b"null"
    assert found.upstream_task_run_ids == entry.called.upstream_task_run_ids
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
    found = (await task_run(site, task_run_id)).task_run
    assert (found.state.name, found.attempt, found.revision) == ("RolledBack", 2, 5)


async def test_a_batch_that_comes_twice_is_appended_once(site: Site) -> None:
    lease, task_run_id = await site.a_running_run(), fresh()
    batch = an_append(lease, called(task_run_id), moved(task_run_id))
    first = await site.journal.AppendJournal(batch)
    assert await site.journal.AppendJournal(batch) == first
    assert (await task_run(site, task_run_id)).task_run.revision == 2


async def test_entries_that_are_known_are_skipped(site: Site) -> None:
    lease, first, second = await site.a_running_run(), fresh(), fresh()
    entries = called(first), moved(first), called(second)
    await site.journal.AppendJournal(an_append(lease, *entries[:2]))
    again = await site.journal.AppendJournal(an_append(lease, *entries))
    assert again.next_sequence == 4
    assert (await site.journal.AppendJournal(an_append(lease, *entries))).next_sequence == 4
    assert await names(site, lease) == [first, second]


async def test_a_gap_is_refused(site: Site) -> None:
    lease = await site.a_running_run()
    with pytest.raises(InvalidArgument, match="goes on at 1"), named_errors():
        await site.journal.AppendJournal(an_append(lease, called(fresh()), first=3))


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
    lease.flow_run_id = fresh()
    with pytest.raises(FlowRunNotFound), named_errors():
        await site.journal.AppendJournal(an_append(lease, called(fresh())))


async def test_a_bad_entry_is_refused(site: Site) -> None:
    lease = await site.a_running_run()
    with pytest.raises(InvalidArgument, match="task_run_id"), named_errors():
        await site.journal.AppendJournal(an_append(lease, called("my task")))


async def test_task_runs_are_listed_in_the_order_of_their_calls(site: Site) -> None:
    lease = await site.a_running_run()
    made = [fresh() for _ in range(5)][::-1]
    await site.journal.AppendJournal(an_append(lease, *map(called, made)))
    found, token = [], ""
    for _ in range(3):
        page = await site.task_runs.ListTaskRuns(a_list(lease.flow_run_id, size=2, token=token))
        found += [it.id for it in page.task_runs]
        token = page.next_page_token
    assert (found, token) == (made, "")


async def test_a_page_token_belongs_to_its_flow_run(site: Site) -> None:
    lease = await site.a_running_run()
    await site.journal.AppendJournal(an_append(lease, called(fresh()), called(fresh())))
    token = (
        await site.task_runs.ListTaskRuns(a_list(lease.flow_run_id, size=1))
    ).next_page_token
    with pytest.raises(PageTokenInvalid), named_errors():
        await site.task_runs.ListTaskRuns(a_list(fresh(), token=token))


async def test_an_unknown_task_run_is_an_error(site: Site) -> None:
    with pytest.raises(TaskRunNotFound), named_errors():
        await task_run(site, fresh())


async def test_bad_requests_are_refused(site: Site) -> None:
    for call, request in (
        (site.task_runs.GetTaskRun, pb.GetTaskRunRequest(namespace=NAMESPACE)),
        (site.task_runs.ListTaskRuns, a_list("mine")),
        (
            site.flow_runs.GetFlowRun,
            flow_run_service_pb2.GetFlowRunRequest(namespace=NAMESPACE, flow_run_id="mine"),
        ),
    ):
        with pytest.raises(InvalidArgument), named_errors():
            await call(request)
