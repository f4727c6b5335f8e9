"""A run that is to stop starts no task any more, and ends Cancelled."""

import threading
import time
from typing import Any

import pytest

from hanging import HANG_LIMIT
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
