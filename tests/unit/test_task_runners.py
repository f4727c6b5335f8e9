"""Work that is given to threads is begun, however the threads are just then."""

import threading
import time
from collections.abc import Iterator
from functools import partial
from random import Random
from typing import Any

import pytest

from hanging import HANG_LIMIT
from penstock import task_runners
from penstock.task_runners import ThreadPoolTaskRunner


@pytest.fixture
def _slow_workers() -> Iterator[None]:
    """A worker may be stopped by the system before any of its lines."""
    chance = Random(7)

    def trace(frame: Any, event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename != task_runners.__file__:
            return None
        if event == "line" and chance.random() < 0.3:
            time.sleep(0.002)
        return trace

    threading.settrace(trace)
    yield
    threading.settrace(None)


@pytest.mark.usefixtures("_slow_workers")
def test_work_that_waits_for_the_next_does_not_keep_it_from_beginning() -> None:
    for _ in range(50):
        runner = ThreadPoolTaskRunner()
        second = threading.Event()
        # Its thread soon sleeps, and is woken by the first.
        runner.start(lambda: None)
        time.sleep(0.008)
        runner.start(partial(second.wait, 2 * HANG_LIMIT))
        time.sleep(0.001)
        runner.start(second.set)
        assert second.wait(HANG_LIMIT), "the second was not begun"
        runner.close()


def test_what_is_started_on_a_closed_runner_is_done_and_its_thread_ends() -> None:
    runner = ThreadPoolTaskRunner(max_workers=1)
    done = threading.Event()
    runner.start(done.set)
    assert done.wait(HANG_LIMIT)
    runner.close()
    late: list[threading.Thread] = []
    done.clear()

    def come_late() -> None:
        late.append(threading.current_thread())
        done.set()

    runner.start(come_late)
    assert done.wait(HANG_LIMIT)
    late[0].join(HANG_LIMIT)
    assert not late[0].is_alive()
