"""Waiting for a run goes on over broken streams, from where the last one stopped."""

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from penstock import flow
from penstock.client.flow_runs import Services
from penstock.client.process_connection import process_connection
from penstock.client.watching import ended
from penstock.errors import CursorExpired, Unavailable
from penstock.runtime import flow_run


class Breaking:
    """A way to the service on which the first streams break with these errors."""

    def __init__(self, stub: Any, *errors: Exception) -> None:
        self._stub, self._errors = stub, list(errors)
        self.cursors: list[str] = []
        self.looks = 0

    async def GetFlowRun(self, request: Any) -> Any:  # noqa: N802 - a method of the contract
        self.looks += 1
        return await self._stub.GetFlowRun(request)

    async def WatchFlowRuns(self, request: Any) -> AsyncIterator[Any]:  # noqa: N802
        self.cursors.append(request.cursor)
        async for reply in self._stub.WatchFlowRuns(request):
            yield reply
            if self._errors:
                raise self._errors.pop(0)


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
        thread.join(10)


def breaking(*errors: Exception) -> tuple[Services, Breaking]:
    services = Services(process_connection.opened())
    stub = Breaking(services.runs, *errors)
    object.__setattr__(services, "runs", stub)
    return services, stub


def wait_for_the_end(
    services: Services, flow_run_id: str, go: threading.Event, **at: Any
) -> None:
    waiting = services.connection.loop.submit(ended(services, flow_run_id, **at))
    threading.Timer(0.5, go.set).start()
    waiting.result(10)


def test_a_run_that_goes_on_is_looked_at_once_and_watched() -> None:
    with a_run() as (flow_run_id, go):
        services, stub = breaking()
        wait_for_the_end(services, flow_run_id, go)
    assert (stub.looks, len(stub.cursors)) == (1, 1)


def test_a_cursor_from_before_the_end_spares_the_look() -> None:
    with a_run() as (flow_run_id, go):
        services, stub = breaking()
        found = services.connection.loop.run(services.flow_run_and_cursor(flow_run_id))
        stub.looks = 0
        wait_for_the_end(services, flow_run_id, go, cursor=found.watch_cursor)
    assert (stub.looks, stub.cursors) == (0, [found.watch_cursor])


def test_a_run_that_has_ended_is_not_watched(recorded: Any) -> None:
    flow(name="over")(lambda: None)()
    services, stub = breaking()
    services.connection.loop.run(ended(services, recorded.newest().id))
    assert (stub.looks, stub.cursors) == (1, [])


def test_a_stream_that_breaks_is_opened_again_where_it_was() -> None:
    with a_run() as (flow_run_id, go):
        services, stub = breaking(Unavailable("the server stops"), Unavailable("again"))
        wait_for_the_end(services, flow_run_id, go)
    assert (stub.looks, len(stub.cursors)) == (1, 3)


def test_a_cursor_that_is_too_old_is_made_anew() -> None:
    with a_run() as (flow_run_id, go):
        services, stub = breaking(CursorExpired("gone"))
        wait_for_the_end(services, flow_run_id, go)
    assert (stub.looks, len(stub.cursors)) == (2, 2)
