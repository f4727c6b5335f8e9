from typing import Any

import pytest

from builders import NAMESPACE
from contract.state.requests import (
    NULL,
    a_failure,
    an_append,
    called,
    fresh,
    moved,
    type_number,
    type_of,
)
from contract.state.site import Site
from contract.state.watching import watching
from penstock.api.state.v1 import task_run_pb2
from penstock.api.state.v1 import task_run_service_pb2 as pb
from penstock.api.state.v1.flow_run_filter_pb2 import TagFilter
from penstock.api.type.v1 import lease_pb2, view_pb2
from penstock.errors import InvalidArgument, PageTokenInvalid, TaskRunNotFound
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio
FULL = view_pb2.VIEW_FULL


def a_list(flow_run_id: str, **more: Any) -> pb.ListTaskRunsRequest:
    return pb.ListTaskRunsRequest(namespace=NAMESPACE, flow_run_id=flow_run_id, **more)


def a_watch(lease: lease_pb2.Lease, cursor: str = "", **more: Any) -> pb.WatchTaskRunsRequest:
    return pb.WatchTaskRunsRequest(
        namespace=NAMESPACE, flow_run_id=lease.run.flow_run_id, cursor=cursor, **more
    )


def a_task(task_name: str, *tags: str, state_type: str = "RUNNING") -> Any:
    entry = called(fresh(), state_type)
    entry.called.task_name = task_name
    entry.called.tags.extend(tags)
    return entry


async def listed(site: Site, lease: lease_pb2.Lease, **more: Any) -> list[Any]:
    request = a_list(lease.run.flow_run_id, **more)
    return list((await site.task_runs.ListTaskRuns(request)).task_runs)


async def test_task_runs_are_listed_in_the_order_of_their_calls(site: Site) -> None:
    lease = await site.a_running_run()
    made = [fresh() for _ in range(5)][::-1]
    await site.journal.AppendJournal(an_append(lease, *map(called, made)))
    found, token = [], ""
    for _ in range(3):
        page = await site.task_runs.ListTaskRuns(
            a_list(lease.run.flow_run_id, page_size=2, page_token=token)
        )
        found += [it.id for it in page.task_runs]
        token = page.next_page_token
    assert (found, token) == (made, "")


async def test_a_page_token_belongs_to_its_flow_run_and_filter(site: Site) -> None:
    lease = await site.a_running_run()
    await site.journal.AppendJournal(an_append(lease, called(fresh()), called(fresh())))
    request = a_list(lease.run.flow_run_id, page_size=1)
    token = (await site.task_runs.ListTaskRuns(request)).next_page_token
    only = task_run_pb2.TaskRunFilter(task_names=["pour"])
    for other in (
        a_list(fresh(), page_token=token),
        a_list(lease.run.flow_run_id, page_token=token, filter=only),
    ):
        with pytest.raises(PageTokenInvalid), named_errors():
            await site.task_runs.ListTaskRuns(other)


async def test_a_filter_keeps_what_all_of_it_applies_to(site: Site) -> None:
    lease = await site.a_running_run()
    pour = a_task("pour", "wet", "cold")
    boil = a_task("boil", "wet", "hot", state_type="PENDING")
    dry = a_task("dry")
    entries = pour, boil, dry, moved(pour.called.task_run_id, name="Poured")
    await site.journal.AppendJournal(an_append(lease, *entries))
    ids = {it.called.task_run_id: it.called.task_name for it in (pour, boil, dry)}

    async def kept(**wanted: Any) -> list[str]:
        found = await listed(site, lease, filter=task_run_pb2.TaskRunFilter(**wanted))
        return [ids[it.id] for it in found]

    assert await kept() == ["pour", "boil", "dry"]
    assert await kept(task_run_ids=[dry.called.task_run_id, fresh()]) == ["dry"]
    assert await kept(task_names=["boil", "pour"]) == ["pour", "boil"]
    assert await kept(state_types=[type_number("PENDING")]) == ["boil"]
    assert await kept(state_names=["Poured", "Running"]) == ["pour", "dry"]
    assert await kept(tags=TagFilter(all=["wet", "hot"])) == ["boil"]
    assert await kept(tags=TagFilter(any=["cold", "hot"])) == ["pour", "boil"]
    assert await kept(tags=TagFilter(none=["hot"])) == ["pour", "dry"]
    assert await kept(task_names=["pour"], tags=TagFilter(any=["hot"])) == []


async def test_a_basic_view_leaves_out_what_may_be_large(site: Site) -> None:
    lease, done, failed = await site.a_running_run(), fresh(), fresh()
    with_inputs, end = called(done), moved(failed, "FAILED")
    with_inputs.called.inputs["water"].CopyFrom(NULL)
    failure = a_failure(stack="line 1", data=NULL)
    failure.causes.add(error_type="builtins.KeyError", stack="line 2")
    end.moved.failure.CopyFrom(failure)
    await site.journal.AppendJournal(
        an_append(lease, with_inputs, called(failed), moved(done), end)
    )
    first, second = await listed(site, lease)
    assert not (first.HasField("result") or first.inputs)
    told = second.failure
    assert (told.error_type, told.message) == (failure.error_type, failure.message)
    assert not (told.stack or told.HasField("data") or told.causes[0].stack)
    assert told.causes[0].error_type == "builtins.KeyError"
    first, second = await listed(site, lease, view=FULL)
    assert (first.result, dict(first.inputs)) == (NULL, {"water": NULL})
    assert second.failure == failure


async def test_a_task_run_is_watched_from_where_it_was_read(site: Site) -> None:
    lease, task_run_id = await site.a_running_run(), fresh()
    await site.journal.AppendJournal(an_append(lease, called(task_run_id)))
    read = await site.task_runs.GetTaskRun(
        pb.GetTaskRunRequest(namespace=NAMESPACE, task_run_id=task_run_id)
    )
    await site.journal.AppendJournal(an_append(lease, moved(task_run_id), first=2))
    request = a_watch(lease, read.watch_cursor)
    async with watching(site.task_runs.WatchTaskRuns, request) as watcher:
        (changed,) = (await watcher.news()).changes
    assert (read.task_run.revision, changed.revision) == (1, 2)
    assert not changed.HasField("result")


async def test_a_watch_tells_only_what_its_filter_keeps(site: Site) -> None:
    lease, sequence = await site.a_running_run(), 1
    only = task_run_pb2.TaskRunFilter(state_types=[type_number("COMPLETED")])
    request = a_watch(lease, filter=only, view=FULL)
    async with watching(site.task_runs.WatchTaskRuns, request) as watcher:
        start = (await watcher.batch()).cursor
        ids = [fresh() for _ in range(12)]
        for task_run_id in ids:
            # So many batches that what is kept is in none of the first ones read.
            await site.journal.AppendJournal(
                an_append(lease, called(task_run_id), first=sequence)
            )
            sequence += 1
        await site.journal.AppendJournal(an_append(lease, moved(ids[3]), first=sequence))
        (seen,) = (await watcher.news()).changes
    assert (seen.id, type_of(seen.state), seen.result) == (ids[3], "COMPLETED", NULL)
    async with watching(site.task_runs.WatchTaskRuns, a_watch(lease, start, filter=only)) as it:
        assert [task_run.id for task_run in (await it.news()).changes] == [ids[3]]


async def test_an_unknown_task_run_is_an_error(site: Site) -> None:
    with pytest.raises(TaskRunNotFound), named_errors():
        await site.task_runs.GetTaskRun(
            pb.GetTaskRunRequest(namespace=NAMESPACE, task_run_id=fresh())
        )


async def test_bad_requests_are_refused(site: Site) -> None:
    for call, request in (
        (site.task_runs.GetTaskRun, pb.GetTaskRunRequest(namespace=NAMESPACE)),
        (site.task_runs.ListTaskRuns, a_list("mine")),
        (
            site.task_runs.ListTaskRuns,
            a_list(fresh(), filter=task_run_pb2.TaskRunFilter(task_run_ids=["mine"])),
        ),
    ):
        with pytest.raises(InvalidArgument), named_errors():
            await call(request)
