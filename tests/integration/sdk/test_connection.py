"""A program's connection to its services, and what is left of it."""

import threading
import time
from typing import Any

from hanging import HANG_LIMIT
from penstock import flow, task
from penstock.client.process_connection import process_connection


def ours() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if each.name.startswith("penstock")}


def test_a_closed_connection_leaves_no_thread() -> None:
    @task
    def one() -> int:
        return 1

    @flow
    def large() -> Any:
        return "x" * (100_000 + one.submit().result())

    # Those of tests before may be ending still.
    before = ours()
    large()
    assert ours() - before
    process_connection.close()
    end = time.monotonic() + HANG_LIMIT
    while ours() - before and time.monotonic() < end:
        time.sleep(0.01)
    assert ours() - before == set()
