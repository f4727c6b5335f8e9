"""Waiting for a run goes on over broken streams, from where the last one stopped."""

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from hanging import HANG_LIMIT
from penstock import flow
from penstock.client.flow_runs import FlowRuns
from penstock.client.process_connection import process_connection
from penstock.client.waiting import ended
from penstock.errors import CursorExpired, Unavailable
from penstock.runtime import flow_run
from unit.client.channels import Call, Changing, connection_over


class Breaking:
    """A way to the service on which the first streams break with these errors."""

    def __init__(self, *errors: Exception) -> None:
        opened = process_connection.opened()
        channel = Changing(opened.state, GetFlowRun=self._looking, WatchFlowRuns=self._watching)
        self._errors = list(errors)
        self.loop = opened.loop
        self.runs = FlowRuns(connection_over(channel))
        self.cursors: list[str] = []
        self.looks = 0

    def _looking(self, get: Call) -> Call:
        async def call(request: Any) -> Any:
            self.looks += 1
            return await get(request)

        return call

    def _watching(self, watch: Call) -> Call:
        async def call(request: Any) -> AsyncIterator[Any]:
            self.cursors.append(request.cursor)
            async for reply in watch(request):
                yield reply
                if self._errors:
                    raise self._errors.pop(0)

        return call


@contextmanager
def a_run() -> Iterator[tuple[str, threading.Event]]:
    """A flow run that goes on until the event is set; it has begun."""
    begun, go = threading.Event(), threading.Event()
    ids: list[str] = []

    @flow
    def waits() -> None:
        ids.append(flow_run.id)
        begun.set()
        go.wait(10)

    thread = threading.Thread(target=waits)
    thread.start()
    assert begun.wait(10)
    try:
        yield ids[0], go
    finally:
        go.set()
        thread.join(HANG_LIMIT)


def wait_for_the_end(way: Breaking, flow_run_id: str, go: threading.Event, **at: Any) -> None:
    waiting = way.loop.submit(ended(way.runs, flow_run_id, **at))
    threading.Timer(0.5, go.set).start()
    waiting.result(HANG_LIMIT)


def test_a_run_that_goes_on_is_looked_at_once_and_watched() -> None:
    with a_run() as (flow_run_id, go):
        way = Breaking()
        wait_for_the_end(way, flow_run_id, go)
    assert (way.looks, len(way.cursors)) == (1, 1)


def test_a_cursor_from_before_the_end_spares_the_look() -> None:
    with a_run() as (flow_run_id, go):
        way = Breaking()
        found = way.loop.run(way.runs.glimpse(flow_run_id))
        way.looks = 0
        wait_for_the_end(way, flow_run_id, go, cursor=found.cursor)
    assert (way.looks, way.cursors) == (0, [found.cursor])


def test_a_run_that_has_ended_is_not_watched(recorded: Any) -> None:
    flow(name="over")(lambda: None)()
    way = Breaking()
    way.loop.run(ended(way.runs, recorded.newest().id))
    assert (way.looks, way.cursors) == (1, [])


def test_a_stream_that_breaks_is_opened_again_where_it_was() -> None:
    with a_run() as (flow_run_id, go):
        way = Breaking(Unavailable("the server stops"), Unavailable("again"))
        wait_for_the_end(way, flow_run_id, go)
    assert (way.looks, len(way.cursors)) == (1, 3)


def test_a_cursor_that_is_too_old_is_made_anew() -> None:
    with a_run() as (flow_run_id, go):
        way = Breaking(CursorExpired("gone"))
        wait_for_the_end(way, flow_run_id, go)
    assert (way.looks, len(way.cursors)) == (2, 2)
