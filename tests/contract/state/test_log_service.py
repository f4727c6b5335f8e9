from datetime import timedelta
from typing import Any

import pytest

from builders import NAMESPACE
from contract.state.requests import a_claim, a_run_ref, an_append, called, fresh, some_logs
from contract.state.site import Site
from contract.state.watching import watching
from penstock.api.state.v1 import log_service_pb2 as pb
from penstock.api.type.v1 import lease_pb2, run_ref_pb2
from penstock.errors import (
    CursorInvalid,
    FlowRunNotFound,
    InvalidArgument,
    LeaseLost,
    NotSupportedYet,
    PageTokenInvalid,
    SequenceGap,
    ShuttingDown,
    TaskRunNotFound,
)
from penstock.wire_errors import named_errors
from penstockd.state.rules.log import LATE_LINES

pytestmark = pytest.mark.asyncio
LONGEST_LINE = 65_536


async def append(site: Site, lease: lease_pb2.Lease, *offsets: int, **more: Any) -> int:
    reply = await site.logs.AppendLogs(some_logs(lease, *offsets, **more))
    return int(reply.acknowledged_offset)


async def listed(site: Site, run: run_ref_pb2.RunRef, **more: Any) -> pb.ListLogsResponse:
    request = pb.ListLogsRequest(namespace=NAMESPACE, run=run, **more)
    return await site.logs.ListLogs(request)  # type: ignore[no-any-return]


def a_watch(run: run_ref_pb2.RunRef, cursor: str = "", **more: Any) -> pb.WatchLogsRequest:
    return pb.WatchLogsRequest(namespace=NAMESPACE, run=run, cursor=cursor, **more)


async def watched(site: Site, request: pb.WatchLogsRequest) -> list[int]:
    """Return the offsets of all lines until the stream ends by itself, as it must."""
    lines: list[int] = []
    complete = False
    async with watching(site.logs.WatchLogs, request) as watcher:
        while not complete:
            batch = await watcher.batch()
            lines += [it.offset for it in batch.lines]
            complete = batch.complete
        with pytest.raises(StopAsyncIteration):
            await watcher.batch()
    return lines


def of_task_run(task_run_id: str) -> run_ref_pb2.RunRef:
    return run_ref_pb2.RunRef(task_run_id=task_run_id)


async def with_lines_of_a_task(site: Site, lease: lease_pb2.Lease) -> str:
    """Append four lines, of which a task run wrote the second and the fourth."""
    task_run_id = fresh()
    await site.journal.AppendJournal(an_append(lease, called(task_run_id)))
    request = some_logs(lease, 1, 2, 3, 4)
    for line in request.lines[1::2]:
        line.task_run_id = task_run_id
    await site.logs.AppendLogs(request)
    return task_run_id


async def test_lines_are_kept_in_the_order_in_which_they_arrive(site: Site) -> None:
    lease = await site.a_running_run()
    assert await append(site, lease, 1, 2) == 2
    assert await append(site, lease, 1, source="worker") == 1
    assert await append(site, lease, 3) == 3
    lines = (await listed(site, lease.run)).lines
    assert [it.message for it in lines] == ["line 1", "line 2", "line 1", "line 3"]
    assert {it.attempt for it in lines} == {1}


async def test_lines_that_are_known_are_not_appended_again(site: Site) -> None:
    lease = await site.a_running_run()
    await append(site, lease, 1, 2)
    assert await append(site, lease, 2, 3) == 3
    assert await append(site, lease, 1) == 3
    assert [it.offset for it in (await listed(site, lease.run)).lines] == [1, 2, 3]


@pytest.mark.parametrize("offsets", [(10, 11), (3, 5), (5,)])
async def test_a_gap_is_refused_and_no_line_is_lost(
    site: Site, offsets: tuple[int, ...]
) -> None:
    """1 to 2, then 10 to 11, then 3 to 9: what arrived early comes again."""
    lease = await site.a_running_run()
    await append(site, lease, 1, 2)
    with pytest.raises(SequenceGap) as refused, named_errors():
        await append(site, lease, *offsets)
    assert refused.value.metadata["expected"] == "3"
    assert await append(site, lease, *range(3, 12)) == 11
    lines = (await listed(site, lease.run)).lines
    assert [it.offset for it in lines] == list(range(1, 12))


async def test_a_source_is_counted_from_one(site: Site) -> None:
    lease = await site.a_running_run()
    with pytest.raises(SequenceGap) as refused, named_errors():
        await append(site, lease, 2)
    assert refused.value.metadata["expected"] == "1"


async def test_nothing_follows_the_last_lines_of_a_source(site: Site) -> None:
    lease = await site.a_running_run()
    assert await append(site, lease, 1, 2, last=True) == 2
    assert await append(site, lease, 1, 2, last=True) == 2
    assert await append(site, lease, last=True) == 2
    with pytest.raises(InvalidArgument, match="ended with line 2"), named_errors():
        await append(site, lease, 3)
    assert await append(site, lease, 1, source="worker") == 1


async def test_no_lines_come_only_as_the_last_ones(site: Site) -> None:
    lease = await site.a_running_run()
    with pytest.raises(InvalidArgument, match="lines"), named_errors():
        await append(site, lease)
    assert await append(site, lease, last=True) == 0


async def test_logs_are_paged_as_every_list(site: Site) -> None:
    lease = await site.a_running_run()
    nothing = await listed(site, lease.run)
    assert (len(nothing.lines), nothing.next_page_token) == (0, "")
    await append(site, lease, 1, 2, 3)
    page = await listed(site, lease.run, page_size=2)
    assert [it.offset for it in page.lines] == [1, 2]
    page = await listed(site, lease.run, page_token=page.next_page_token, page_size=2)
    assert ([it.offset for it in page.lines], page.next_page_token) == ([3], "")


async def test_a_page_tells_from_where_to_watch(site: Site) -> None:
    lease = await site.a_running_run()
    await append(site, lease, 1, 2, 3)
    first = await listed(site, lease.run, page_size=2)
    every = await listed(site, lease.run)
    await append(site, lease, 4, last=True)
    await site.move(lease, "COMPLETED")
    assert await watched(site, a_watch(lease.run, first.watch_cursor)) == [3, 4]
    assert await watched(site, a_watch(lease.run, every.watch_cursor)) == [4]


async def test_a_line_with_a_nul_is_kept_on_every_database(site: Site) -> None:
    lease = await site.a_running_run()
    request = some_logs(lease, 1)
    request.lines[0].message = "a\x00b"
    await site.logs.AppendLogs(request)
    (line,) = (await listed(site, lease.run)).lines
    assert line.message == "a\ufffdb"


async def test_a_longer_line_is_refused_and_not_cut(site: Site) -> None:
    lease = await site.a_running_run()
    longest, longer = some_logs(lease, 1), some_logs(lease, 2)
    longest.lines[0].message = "é" * (LONGEST_LINE // 2)
    longer.lines[0].message = "x" * (LONGEST_LINE + 1)
    await site.logs.AppendLogs(longest)
    with pytest.raises(InvalidArgument) as refused, named_errors():
        await site.logs.AppendLogs(longer)
    assert [it.field for it in refused.value.violations] == ["lines[0].message"]
    (line,) = (await listed(site, lease.run)).lines
    assert line.message == longest.lines[0].message


async def test_a_level_keeps_what_is_loud_enough(site: Site) -> None:
    lease = await site.a_running_run()
    await append(site, lease, 1, level=20)
    await append(site, lease, 2, level=40)
    await append(site, lease, 3, level=20, last=True)
    found = await listed(site, lease.run, min_level=30)
    assert [it.offset for it in found.lines] == [2]
    await site.move(lease, "COMPLETED")
    assert await watched(site, a_watch(lease.run, min_level=30)) == [2]
    assert await watched(site, a_watch(lease.run, found.watch_cursor)) == []


async def test_of_a_task_run_only_its_own_lines_are_told(site: Site) -> None:
    lease = await site.a_running_run()
    task_run_id = await with_lines_of_a_task(site, lease)
    pages = [await listed(site, of_task_run(task_run_id), page_size=1)]
    token = pages[0].next_page_token
    pages.append(await listed(site, of_task_run(task_run_id), page_size=1, page_token=token))
    assert [it.offset for page in pages for it in page.lines] == [2, 4]
    assert pages[-1].next_page_token == ""
    await append(site, lease, last=True)
    await site.move(lease, "COMPLETED")
    assert await watched(site, a_watch(of_task_run(task_run_id))) == [2, 4]


async def test_who_names_a_task_run_of_another_run_writes_into_its_own_log(site: Site) -> None:
    lease, other = await site.a_running_run(), await site.a_running_run()
    task_run_id = await with_lines_of_a_task(site, lease)
    foreign = some_logs(other, 1)
    foreign.lines[0].task_run_id = task_run_id
    await site.logs.AppendLogs(foreign)
    found = await listed(site, of_task_run(task_run_id))
    assert [it.offset for it in found.lines] == [2, 4]


async def test_a_watch_tells_lines_as_they_arrive_until_all_is_told(site: Site) -> None:
    lease = await site.a_running_run()
    await append(site, lease, 1)
    async with watching(site.logs.WatchLogs, a_watch(lease.run)) as watcher:
        first = await watcher.batch()
        assert [it.offset for it in first.lines] == [1]
        await append(site, lease, 2, 3, last=True)
        assert [it.offset for it in (await watcher.batch()).lines] == [2, 3]
        await append(site, lease, 1, source="worker")
        await site.move(lease, "COMPLETED")
        lines: list[str] = []
        while not lines:
            batch = await watcher.batch()
            lines += [it.message for it in batch.lines]
            assert not batch.complete
        await append(site, lease, source="worker", last=True)
        while not batch.complete:
            batch = await watcher.batch()
            assert not batch.lines
        with pytest.raises(StopAsyncIteration):
            await watcher.batch()
    assert await watched(site, a_watch(lease.run, first.cursor)) == [2, 3, 1]


async def test_a_quiet_watch_begins_at_once_and_shows_that_it_lives(site: Site) -> None:
    lease = await site.a_running_run()
    async with watching(site.logs.WatchLogs, a_watch(lease.run)) as watcher:
        for _ in range(2):
            batch = await watcher.batch()
            assert (len(batch.lines), batch.complete) == (0, False)
            assert batch.cursor


async def test_a_log_whose_sources_say_nothing_is_complete_after_a_minute(site: Site) -> None:
    lease = await site.a_running_run()
    await append(site, lease, 1)
    await site.move(lease, "COMPLETED")
    site.inside.clock.forward(LATE_LINES - timedelta(microseconds=1))
    assert not (await listed(site, lease.run)).complete
    async with watching(site.logs.WatchLogs, a_watch(lease.run)) as watcher:
        assert not (await watcher.batch()).complete
        site.inside.clock.forward(timedelta(microseconds=1))
        while not (await watcher.batch()).complete:
            pass
    assert (await listed(site, lease.run)).complete


async def test_a_log_is_complete_when_its_run_and_its_sources_have_ended(site: Site) -> None:
    lease = await site.a_running_run()
    await append(site, lease, 1, 2, last=True)
    assert not (await listed(site, lease.run)).complete
    await site.move(lease, "COMPLETED")
    page = await listed(site, lease.run, page_size=1)
    assert not page.complete
    page = await listed(site, lease.run, page_size=1, page_token=page.next_page_token)
    assert page.complete


async def test_a_source_of_an_earlier_owner_is_waited_for_no_more(site: Site) -> None:
    lease = await site.a_claimed_run(await site.a_session())
    await append(site, lease, 1)
    await site.move(lease, "SCHEDULED")
    again = await site.leases.Claim(a_claim(await site.a_session()))
    lease = again.claimed[0].lease
    await site.move(lease, "RUNNING")
    await append(site, lease, last=True)
    await site.move(lease, "COMPLETED")
    assert (await listed(site, lease.run)).complete


async def test_a_run_that_nobody_had_has_a_complete_log(site: Site) -> None:
    run = await site.a_run()
    assert not (await listed(site, a_run_ref(run.id))).complete
    await site.cancel(run.id)
    assert await watched(site, a_watch(a_run_ref(run.id))) == []


async def test_a_long_log_is_watched_in_messages_that_fit(site: Site) -> None:
    lease = await site.a_running_run()
    for first in range(1, 1200, 300):
        request = some_logs(lease, *range(first, first + 300))
        for line in request.lines:
            line.message = "x" * 10_000
        await site.logs.AppendLogs(request)
    await append(site, lease, last=True)
    await site.move(lease, "COMPLETED")
    assert await watched(site, a_watch(lease.run)) == list(range(1, 1201))


async def test_a_watch_that_broke_goes_on_after_its_last_message(site: Site) -> None:
    """Each message has the cursor after its own lines, also where a reading was cut."""
    lease = await site.a_running_run()
    for first in (1, 46):
        request = some_logs(lease, *range(first, first + 45))
        for line in request.lines:
            line.message = "x" * 65_000
        await site.logs.AppendLogs(request)
    seen: list[int] = []
    cursor = ""
    while len(seen) < 90:
        async with watching(site.logs.WatchLogs, a_watch(lease.run, cursor)) as watcher:
            batch = await watcher.batch()
            seen += [it.offset for it in batch.lines]
            cursor = batch.cursor
    assert seen == list(range(1, 91))


async def test_lines_of_the_last_owner_are_taken_after_the_end(site: Site) -> None:
    lease = await site.a_running_run()
    await site.move(lease, "COMPLETED")
    assert await append(site, lease, 1) == 1


async def test_lines_that_show_another_fence_are_refused(site: Site) -> None:
    lease = await site.a_running_run()
    wrong = type(lease)()
    wrong.CopyFrom(lease)
    wrong.lease_ref.fence += 1
    with pytest.raises(LeaseLost), named_errors():
        await append(site, wrong, 1)
    assert await append(site, lease, 1) == 1


async def test_lines_of_a_lost_owner_are_taken_until_there_is_another(site: Site) -> None:
    first, second = await site.a_session(), await site.a_session()
    lease = await site.a_claimed_run(first)
    await site.pass_time(seconds=6)
    assert await append(site, lease, 1) == 1
    await site.leases.Claim(a_claim(second))
    with pytest.raises(LeaseLost), named_errors():
        await append(site, lease, 2)


async def test_logs_belong_to_a_run(site: Site) -> None:
    lease = await site.a_running_run()
    for run, error in (
        (a_run_ref(fresh()), FlowRunNotFound),
        (of_task_run(fresh()), TaskRunNotFound),
    ):
        with pytest.raises(error), named_errors():
            await listed(site, run)
        async with watching(site.logs.WatchLogs, a_watch(run)) as watcher:
            with pytest.raises(error), named_errors():
                await watcher.batch()
    lease.run.flow_run_id = fresh()
    with pytest.raises(FlowRunNotFound), named_errors():
        await append(site, lease, 1)
    lease.run.task_run_id = fresh()
    with pytest.raises(NotSupportedYet) as refused, named_errors():
        await append(site, lease, 1)
    assert refused.value.metadata["field"] == "run.task_run_id"


@pytest.mark.parametrize("cursor", ["soon", "0.5", "-1", "01", "1 ", "9" * 30, "7"])
async def test_what_is_no_cursor_of_this_log_is_refused(site: Site, cursor: str) -> None:
    lease = await site.a_running_run()
    await append(site, lease, 1)
    async with watching(site.logs.WatchLogs, a_watch(lease.run, cursor)) as watcher:
        with pytest.raises(CursorInvalid), named_errors():
            await watcher.batch()


async def test_the_drain_lets_a_watch_of_a_log_go(site: Site) -> None:
    lease = await site.a_running_run()
    async with watching(site.logs.WatchLogs, a_watch(lease.run)) as watcher:
        await watcher.batch()
        site.inside.draining.begin()
        with pytest.raises(ShuttingDown), named_errors():
            await watcher.batch()


async def test_bad_requests_are_refused(site: Site) -> None:
    lease = await site.a_running_run()
    for call, request in (
        (site.logs.AppendLogs, some_logs(lease, 0)),
        (site.logs.ListLogs, pb.ListLogsRequest(namespace=NAMESPACE)),
    ):
        with pytest.raises(InvalidArgument), named_errors():
            await call(request)
    await append(site, lease, 1, 2)
    token = (await listed(site, lease.run, page_size=1)).next_page_token
    with pytest.raises(PageTokenInvalid), named_errors():
        await listed(site, a_run_ref(fresh()), page_token=token)
