"""A run that is to stop starts no task any more, and ends Cancelled."""

import asyncio
import threading
import time
from typing import Any

import pytest

from hanging import HANG_LIMIT
from integration.sdk.conftest import shown
from penstock import flow, task
from penstock.api.state.v1.flow_run_service_pb2 import CancelFlowRunRequest
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.client.process_connection import process_connection
from penstock.exceptions import CancelledRun
from penstock.ground.ids import new_id
from penstock.runtime import flow_run


def ask_to_stop(flow_run_id: str) -> None:
    opened = process_connection.opened()

    async def ask() -> None:
        await FlowRunServiceStub(opened.state).CancelFlowRun(
            CancelFlowRunRequest(
                request_id=new_id(),
                namespace="default",
                flow_run_id=flow_run_id,
                message="enough",
            )
        )

    opened.loop.run(ask())


def test_a_cancelled_run_starts_no_more_tasks_and_ends_cancelled(recorded: Any) -> None:
    ran = []

    @task
    def step(number: int) -> None:
        ran.append(number)

    @flow
    def long() -> None:
        step(0)
        ask_to_stop(flow_run.id)
        end = time.monotonic() + HANG_LIMIT
        while time.monotonic() < end:
            step(1)
            threading.Event().wait(0.05)

    with pytest.raises(CancelledRun):
        long()
    run = recorded.newest()
    assert recorded.names_of_states(run.id)[-2:] == ["Cancelling", "Cancelled"]


def test_waiting_for_a_retry_ends_with_the_cancel() -> None:
    @task(retries=1, retry_delay_seconds=600)
    def broken() -> None:
        raise ValueError("dry")

    @flow
    def patient() -> None:
        ask_to_stop(flow_run.id)
        broken()

    with pytest.raises(CancelledRun):
        patient()


def test_no_except_swallows_the_cancel_and_the_caller_gets_an_exception(recorded: Any) -> None:
    swallowed = []

    @task
    def step() -> None:
        pass

    @flow
    def polls() -> None:
        ask_to_stop(flow_run.id)
        end = time.monotonic() + HANG_LIMIT
        while time.monotonic() < end:
            try:
                step()
            except Exception as error:  # noqa: BLE001 - what people write in such loops
                swallowed.append(error)
            threading.Event().wait(0.05)

    state: Any = polls(return_state=True)
    assert (state.is_cancelled(), state.message, swallowed) == (True, "enough", [])
    with pytest.raises(CancelledRun, match="enough"):
        state.result()
    assert recorded.names_of_states(recorded.newest().id)[-1] == "Cancelled"


@pytest.mark.parametrize("waits_in", ["the flow", "a task", "gathered tasks", "a subflow"])
def test_an_async_flow_that_waits_is_cancelled_where_it_waits(
    recorded: Any, waits_in: str
) -> None:
    async def sleep() -> None:
        await asyncio.sleep(HANG_LIMIT)

    step, inner = task(name="step")(sleep), flow(name="inner")(sleep)

    @flow
    async def waits() -> None:
        await asyncio.to_thread(ask_to_stop, flow_run.id)
        match waits_in:
            case "the flow":
                await sleep()
            case "a task":
                await step()
            case "gathered tasks":
                await asyncio.gather(step(), step())
            case _:
                await inner()

    async def main() -> bool:
        with pytest.raises(CancelledRun):
            await waits()
        asked: Any = asyncio.current_task()
        return bool(asked.cancelling())

    assert asyncio.run(main()) is False
    for run in recorded.flow_runs():
        assert recorded.names_of_states(run.id)[-1] == "Cancelled"
        for each in recorded.task_runs(run.id).values():
            assert shown(each.state) == "Cancelled"


def test_a_subflow_that_is_cancelled_alone_is_an_exception_for_its_parent() -> None:
    @flow
    def inner() -> None:
        ask_to_stop(flow_run.id)
        end = time.monotonic() + HANG_LIMIT
        while time.monotonic() < end:
            task(name="step")(lambda: None)()
            threading.Event().wait(0.05)

    @flow
    def outer() -> str:
        try:
            inner()
        except CancelledRun as error:
            return str(error)
        return "not cancelled"

    assert outer() == "enough"


def test_a_caller_that_cancels_its_own_task_is_not_taken_for_a_cancel_of_the_run(
    recorded: Any,
) -> None:
    scopes: list[asyncio.Timeout] = []

    @flow
    async def waits() -> None:
        scopes[0].reschedule(asyncio.get_running_loop().time())
        await asyncio.sleep(HANG_LIMIT)

    async def main() -> None:
        async with asyncio.timeout(None) as scope:
            scopes.append(scope)
            await waits()

    with pytest.raises(TimeoutError):
        asyncio.run(main())
    assert recorded.names_of_states(recorded.newest().id)[-1] == "Crashed"
