"""A program's connection to its services, and what is left of it."""

import threading
import time
from typing import Any

from penstock import flow, task
from penstock.client.process_connection import process_connection


def ours() -> list[str]:
    names = (thread.name for thread in threading.enumerate())
    return [name for name in names if name.startswith("penstock")]


def test_a_closed_connection_leaves_no_thread() -> None:
    @task
    def one() -> int:
        return 1

    @flow
    def large() -> Any:
        return "x" * (100_000 + one.submit().result())

    before = ours()
    large()
    process_connection.close()
    end = time.monotonic() + 5
    while len(ours()) > len(before) and time.monotonic() < end:
        time.sleep(0.01)
    assert ours() == before
