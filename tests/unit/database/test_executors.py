"""Threads that take work for as long as a program lives."""

import subprocess
import sys
import threading

import pytest

from hanging import HANG_LIMIT
from integration.system import clean_environment
from penstockd.database.executors import Threads

LATE = """
import threading
from penstockd.database.executors import Threads
def late():
    threading.main_thread().join()
    print(Threads(1, "late").submit(lambda: "done").result())
threading.Thread(target=late).start()
"""


def test_work_goes_on_as_many_threads_as_it_needs_and_no_more() -> None:
    threads, meeting = Threads(2, "pair"), threading.Barrier(2)
    try:
        # Neither of the two ends before the other has begun.
        pair = [threads.submit(meeting.wait) for _ in range(2)]
        assert {future.result(HANG_LIMIT) for future in pair} == {0, 1}
        more = [threads.submit(threading.get_ident) for _ in range(20)]
        assert len({future.result(HANG_LIMIT) for future in more}) <= 2
    finally:
        threads.shutdown()


def test_what_was_submitted_is_done_before_the_threads_go() -> None:
    threads, go = Threads(1, "last"), threading.Event()
    blocked, queued = threads.submit(go.wait, HANG_LIMIT), threads.submit(lambda: 7)
    threads.shutdown(wait=False)
    go.set()
    blocked.result(HANG_LIMIT)
    assert queued.result(HANG_LIMIT) == 7
    threads.shutdown()
    with pytest.raises(RuntimeError, match="the threads of last were shut down"):
        threads.submit(int)


def test_what_it_raises_is_raised_where_it_is_waited_for() -> None:
    threads = Threads(1, "failing")
    with pytest.raises(ZeroDivisionError):
        threads.submit(lambda: 1 / 0).result(HANG_LIMIT)
    assert threads.submit(lambda: 7).result(HANG_LIMIT) == 7
    threads.shutdown()


def test_work_is_taken_after_the_main_thread_has_ended() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LATE],
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )
    assert done.stdout == "done\n", done.stderr
