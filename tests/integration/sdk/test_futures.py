"""Futures bring states and results."""

import threading
from typing import Any

import pytest

from hanging import HANG_LIMIT
from penstock import flow, task
from penstock.futures import PenstockFuture, as_completed, wait


def test_futures_are_given_in_the_order_of_their_ends() -> None:
    go = threading.Event()

    @task
    def after(_name: str, waits: bool) -> str:
        if waits:
            go.wait(HANG_LIMIT)
        return _name

    @flow
    def both() -> list[str]:
        futures = [after.submit("slow", True), after.submit("fast", False)]
        names = []
        for future in as_completed(futures):
            names.append(future.result())
            assert future.state.is_completed()
            go.set()
        return names

    assert both() == ["fast", "slow"]


def test_waiting_ends_with_the_time_out_and_tells_which_have_ended() -> None:
    go = threading.Event()

    @task
    def slow() -> None:
        go.wait(HANG_LIMIT)

    @flow
    def impatient() -> int:
        future = slow.submit()
        with pytest.raises(TimeoutError, match=r"slow-0 has not ended within 0.01 seconds"):
            future.result(timeout=0.01)
        done, not_done = wait([future], timeout=0.01)
        go.set()
        return 10 * len(done) + len(not_done)

    assert impatient() == 1


def test_a_callback_is_called_with_the_future() -> None:
    told: list[PenstockFuture[Any]] = []
    done = threading.Event()

    @task
    def one() -> int:
        return 1

    def tell(future: PenstockFuture[Any]) -> None:
        told.append(future)
        done.set()

    @flow
    def with_callback() -> Any:
        future = one.submit()
        future.add_done_callback(tell)
        done.wait(5)
        return future.task_run_id

    assert with_callback() == told[0].task_run_id
