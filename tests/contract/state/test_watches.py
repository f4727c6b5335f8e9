"""What commits reaches whoever watches: nothing is missed, whatever the cursor."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from builders import NAMESPACE
from contract.state.requests import (
    NULL,
    a_claim,
    a_claim_for,
    a_creation,
    a_decree,
    a_deletion,
    a_failure,
    a_filter,
    a_retry_policy,
    a_session,
    an_append,
    an_ending,
    called,
    cause_of,
    fresh,
    moved,
    type_of,
)
from contract.state.site import Site
from contract.state.watching import watching
from penstock.api.state.v1 import flow_run_service_pb2 as runs_pb
from penstock.api.state.v1 import task_run_service_pb2 as tasks_pb
from penstock.api.state.v1 import worker_session_service_pb2 as sessions_pb
from penstock.api.type.v1 import view_pb2
from penstock.errors import CursorExpired, CursorInvalid, ShuttingDown
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio


def all_runs(cursor: str = "", **how: Any) -> runs_pb.WatchFlowRunsRequest:
    return runs_pb.WatchFlowRunsRequest(namespace=NAMESPACE, cursor=cursor, **how)


def only(flow_run_id: str, cursor: str = "") -> runs_pb.WatchFlowRunsRequest:
    return all_runs(cursor, filter=a_filter(flow_run_ids=[flow_run_id]))


def tasks_of(flow_run_id: str, cursor: str = "") -> tasks_pb.WatchTaskRunsRequest:
    return tasks_pb.WatchTaskRunsRequest(
        namespace=NAMESPACE, flow_run_id=flow_run_id, cursor=cursor
    )


def all_sessions(cursor: str = "") -> sessions_pb.WatchWorkerSessionsRequest:
    return sessions_pb.WatchWorkerSessionsRequest(namespace=NAMESPACE, cursor=cursor)


def states(changes: list[Any]) -> list[tuple[int, str]]:
    return [(run.revision, type_of(run.state)) for run in changes]


async def test_the_first_batch_comes_at_once_and_a_lull_has_empty_ones(site: Site) -> None:
    async with watching(site.flow_runs.WatchFlowRuns, all_runs()) as watcher:
        first, second = await watcher.batch(), await watcher.batch()
    assert (list(first.changes), list(second.changes)) == ([], [])
    assert first.cursor


async def test_a_watch_tells_every_transition_as_it_left_the_run(site: Site) -> None:
    async with watching(site.flow_runs.WatchFlowRuns, all_runs()) as watcher:
        start = (await watcher.batch()).cursor
    lease = await site.a_running_run()
    await site.move(lease, "COMPLETED")
    async with watching(site.flow_runs.WatchFlowRuns, all_runs(start)) as watcher:
        _, seen = await watcher.until(lambda seen: len(seen) == 3)
    assert states(seen) == [(1, "PENDING"), (2, "RUNNING"), (3, "COMPLETED")]
    assert [run.attempt for run in seen] == [0, 1, 1]
    assert not seen[1].HasField("end_time")
    assert seen[2] == await site.run(lease.run.flow_run_id)


async def test_a_watch_tells_what_else_a_transition_moved(site: Site) -> None:
    """The run has gone on since, to another session, attempt and cause."""
    first, second = await site.a_session(), await site.a_session()
    async with watching(site.flow_runs.WatchFlowRuns, all_runs()) as watcher:
        start = (await watcher.batch()).cursor
    lease = await site.a_claimed_run(first, retry_policy=a_retry_policy(1))
    await site.move(lease, "RUNNING")
    await site.move(lease, "FAILED", failure=a_failure())
    await site.leases.Complete(an_ending(lease.lease_ref, "given_back"))
    lease = (await site.leases.Claim(a_claim(second))).claimed[0].lease
    await site.move(lease, "RUNNING")
    await site.move(lease, "COMPLETED", result_id=fresh())
    await site.flow_runs.SetFlowRunState(
        a_decree(lease.run.flow_run_id, "SCHEDULED", force=True)
    )
    async with watching(site.flow_runs.WatchFlowRuns, all_runs(start)) as watcher:
        _, seen = await watcher.until(lambda seen: len(seen) == 9)
    told = [
        (type_of(it.state), it.attempt, cause_of(it), it.session_id, it.failure.message)
        for it in seen
    ]
    assert told == [
        ("SCHEDULED", 0, "UNSPECIFIED", "", ""),
        ("PENDING", 0, "UNSPECIFIED", first, ""),
        ("RUNNING", 1, "FIRST", first, ""),
        ("SCHEDULED", 1, "FIRST", first, "dry"),
        ("SCHEDULED", 1, "FIRST", first, "dry"),
        ("PENDING", 1, "FIRST", second, "dry"),
        ("RUNNING", 2, "RETRY", second, ""),
        ("COMPLETED", 2, "RETRY", second, ""),
        ("SCHEDULED", 0, "UNSPECIFIED", second, ""),
    ]
    assert [it.epoch for it in seen] == [0] * 8 + [1]
    assert [it.revision for it in seen if it.result_id] == [8]
    assert [it.revision for it in seen if it.HasField("end_time")] == [8]
    assert [it.revision for it in seen if it.HasField("start_time")] == [3, 4, 5, 6, 7, 8, 9]


async def test_a_filter_is_held_against_the_run_as_the_change_left_it(site: Site) -> None:
    async with watching(site.flow_runs.WatchFlowRuns, all_runs()) as watcher:
        start = (await watcher.batch()).cursor
    lease = await site.a_running_run(tags=["wet"])
    await site.a_running_run()
    await site.move(lease, "COMPLETED")
    request = all_runs(start, filter=a_filter("RUNNING", tags={"all": ["wet"]}))
    async with watching(site.flow_runs.WatchFlowRuns, request) as watcher:
        changes = (await watcher.news()).changes
    assert [(it.id, it.revision) for it in changes] == [(lease.run.flow_run_id, 2)]


async def test_only_a_full_view_carries_parameters(site: Site) -> None:
    async with watching(site.flow_runs.WatchFlowRuns, all_runs()) as watcher:
        start = (await watcher.batch()).cursor
    await site.a_run(parameters={"day": NULL})
    for view, told in ((view_pb2.VIEW_BASIC, []), (view_pb2.VIEW_FULL, ["day"])):
        request = all_runs(start, view=view)
        async with watching(site.flow_runs.WatchFlowRuns, request) as watcher:
            run = (await watcher.news()).changes[0]
            assert list(run.spec.parameters) == told


async def test_whoever_made_or_read_a_run_knows_from_where_to_watch(site: Site) -> None:
    created = await site.flow_runs.CreateFlowRun(a_creation())
    run_id = created.flow_run.id
    get = runs_pb.GetFlowRunRequest(namespace=NAMESPACE, flow_run_id=run_id)
    read = await site.flow_runs.GetFlowRun(get)
    await site.cancel(run_id)
    for cursor, revisions in ((created.watch_cursor, {1, 2}), (read.watch_cursor, {2})):
        async with watching(site.flow_runs.WatchFlowRuns, only(run_id, cursor)) as watcher:
            _, seen = await watcher.until(lambda seen: any(it.revision == 2 for it in seen))
        assert {it.revision for it in seen} <= {1, 2}
        assert {it.revision for it in seen} >= revisions


async def test_a_deleted_run_is_not_told_of_any_more(site: Site) -> None:
    async with watching(site.flow_runs.WatchFlowRuns, all_runs()) as watcher:
        start = (await watcher.batch()).cursor
    gone = await site.a_run()
    await site.flow_runs.DeleteFlowRun(a_deletion(gone.id, cancel=True))
    left = await site.a_run()
    async with watching(site.flow_runs.WatchFlowRuns, all_runs(start)) as watcher:
        assert [it.id for it in (await watcher.news()).changes] == [left.id]


async def test_a_watch_hears_what_happens_while_it_waits(site: Site) -> None:
    async with watching(site.flow_runs.WatchFlowRuns, all_runs()) as watcher:
        await watcher.batch()
        run = await site.a_run()
        assert list((await watcher.news()).changes) == [run]


async def test_a_watch_of_one_run_hears_of_no_other(site: Site) -> None:
    ours = await site.a_run()
    request = only(ours.id)
    async with watching(site.flow_runs.WatchFlowRuns, request) as watcher:
        await watcher.batch()
        await site.a_run()
        await site.cancel(ours.id)
        assert [run.id for run in (await watcher.news()).changes] == [ours.id]


async def test_a_list_and_a_watch_from_its_cursor_have_no_gap(site: Site) -> None:
    """Runs are made all the time: each is in the list, or in the watch after it."""
    made: set[str] = set()

    async def make(count: int) -> None:
        for _ in range(count):
            made.add((await site.a_run()).id)

    request = runs_pb.ListFlowRunsRequest(namespace=NAMESPACE, page_size=200)
    async with asyncio.TaskGroup() as making:
        for _ in range(4):
            making.create_task(make(15))
        while len(made) < 20:
            await site.flow_runs.ListFlowRuns(request)
        listed = await site.flow_runs.ListFlowRuns(request)
        before = {run.id for run in listed.flow_runs}
    assert len(before) < 60
    async with watching(site.flow_runs.WatchFlowRuns, all_runs(listed.watch_cursor)) as watcher:
        _, seen = await watcher.until(lambda seen: before | {it.id for it in seen} >= made)
    twice = [
        key for key, times in Counter((it.id, it.revision) for it in seen).items() if times > 1
    ]
    assert twice == []


async def test_a_watch_resumes_after_its_cursor(site: Site) -> None:
    async with watching(site.flow_runs.WatchFlowRuns, all_runs()) as watcher:
        start = (await watcher.batch()).cursor
    first = await site.a_run()
    async with watching(site.flow_runs.WatchFlowRuns, all_runs(start)) as watcher:
        missed = await watcher.news()
    second = await site.a_run()
    async with watching(site.flow_runs.WatchFlowRuns, all_runs(missed.cursor)) as watcher:
        assert list((await watcher.news()).changes) == [second]
    assert list(missed.changes) == [first]


async def test_large_changes_come_in_messages_that_fit(site: Site) -> None:
    async with watching(site.flow_runs.WatchFlowRuns, all_runs()) as watcher:
        start = (await watcher.batch()).cursor
    parameters = {"size": {"content_type": "application/json", "inline": b" " * 65_000}}
    made = [await site.a_run(parameters=parameters) for _ in range(70)]
    full = view_pb2.VIEW_FULL
    async with watching(site.flow_runs.WatchFlowRuns, all_runs(start, view=full)) as watcher:
        _, seen = await watcher.until(lambda seen: len(seen) >= 70)
    assert [run.id for run in seen] == [run.id for run in made]
    listed = await site.flow_runs.ListFlowRuns(
        runs_pb.ListFlowRunsRequest(namespace=NAMESPACE, page_size=200, view=full)
    )
    assert 0 < len(listed.flow_runs) < 70
    assert listed.next_page_token


async def test_task_runs_are_watched_as_their_journal_left_them(site: Site) -> None:
    lease = await site.a_running_run()
    first, second = fresh(), fresh()
    async with watching(
        site.task_runs.WatchTaskRuns, tasks_of(lease.run.flow_run_id)
    ) as watcher:
        await watcher.batch()
        await site.journal.AppendJournal(
            an_append(lease, called(first), called(second), moved(first))
        )
        changes = (await watcher.news()).changes
        assert [(it.id, type_of(it.state)) for it in changes] == [
            (second, "RUNNING"),
            (first, "COMPLETED"),
        ]
        await site.journal.AppendJournal(an_append(lease, moved(second), first=4))
        assert [it.id for it in (await watcher.news()).changes] == [second]


async def test_a_list_of_task_runs_says_from_where_to_watch(site: Site) -> None:
    lease, task_run_id = await site.a_running_run(), fresh()
    listed = await site.task_runs.ListTaskRuns(
        tasks_pb.ListTaskRunsRequest(namespace=NAMESPACE, flow_run_id=lease.run.flow_run_id)
    )
    await site.journal.AppendJournal(an_append(lease, called(task_run_id)))
    request = tasks_of(lease.run.flow_run_id, listed.watch_cursor)
    async with watching(site.task_runs.WatchTaskRuns, request) as watcher:
        assert [it.id for it in (await watcher.news()).changes] == [task_run_id]


async def test_sessions_are_watched_from_their_opening_to_their_end(site: Site) -> None:
    async with watching(site.sessions.WatchWorkerSessions, all_sessions()) as watcher:
        await watcher.batch()
        opened = await site.sessions.OpenWorkerSession(a_session("EXECUTOR"))
        assert list((await watcher.news()).changes) == [opened.session]
        closing = sessions_pb.CloseWorkerSessionRequest(
            namespace=NAMESPACE, session_id=opened.session.id
        )
        closed = await site.sessions.CloseWorkerSession(closing)
        assert list((await watcher.news()).changes) == [closed.session]
        assert not closed.session.alive


async def test_scripts_open_their_session_with_their_run(site: Site) -> None:
    async with watching(site.sessions.WatchWorkerSessions, all_sessions()) as watcher:
        await watcher.batch()
        session_id = fresh()
        await site.flow_runs.CreateFlowRun(a_creation(claim=a_claim_for(session_id)))
        assert [it.id for it in (await watcher.news()).changes] == [session_id]


@pytest.mark.parametrize("cursor", ["soon", "0", "1.2.3", "0.-1"])
async def test_what_is_no_cursor_is_refused(site: Site, cursor: str) -> None:
    for method, request in (
        (site.flow_runs.WatchFlowRuns, all_runs(cursor)),
        (site.task_runs.WatchTaskRuns, tasks_of(fresh(), cursor)),
        (site.sessions.WatchWorkerSessions, all_sessions(cursor)),
    ):
        async with watching(method, request) as watcher:
            with pytest.raises(CursorInvalid), named_errors():
                await watcher.batch()


async def test_an_old_cursor_expires(site: Site) -> None:
    async with watching(site.flow_runs.WatchFlowRuns, all_runs()) as watcher:
        start = (await watcher.batch()).cursor
    await site.a_run()
    site.inside.clock.forward(timedelta(days=8))
    await site.inside.tick("state.retention")
    for method, request in (
        (site.flow_runs.WatchFlowRuns, all_runs(start)),
        (site.task_runs.WatchTaskRuns, tasks_of(fresh(), start)),
        (site.sessions.WatchWorkerSessions, all_sessions(start)),
    ):
        async with watching(method, request) as watcher:
            with pytest.raises(CursorExpired), named_errors():
                await watcher.batch()


async def test_the_drain_lets_watches_go(site: Site) -> None:
    for method, request in (
        (site.flow_runs.WatchFlowRuns, all_runs()),
        (site.task_runs.WatchTaskRuns, tasks_of(fresh())),
        (site.sessions.WatchWorkerSessions, all_sessions()),
    ):
        async with watching(method, request) as watcher:
            await watcher.batch()
            site.inside.draining.begin()
            with pytest.raises(ShuttingDown), named_errors():
                await watcher.batch()
            site.inside.draining.begun.clear()
