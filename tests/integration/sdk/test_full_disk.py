"""A store that is full holds a program up, and costs it nothing else."""

import logging
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from penstock import flow, task
from penstock.errors import StorageFull
from penstock.ground import patience
from penstockd.database import sqlite_sql, store_file

NO_LIMIT = 2**32 - 2


class Disk:
    """Each connection that writes to a store: it can be forbidden to grow."""

    def __init__(self) -> None:
        self._writers: list[sqlite3.Connection] = []
        self._limit = NO_LIMIT

    def connect(self, path: Path, *, writer: bool) -> sqlite3.Connection:
        connection = _connect(path, writer=writer)
        if writer:
            self._writers.append(connection)
            self._apply(connection)
        return connection

    def fill(self) -> None:
        self._set(1)

    def free(self) -> None:
        self._set(NO_LIMIT)

    def _set(self, limit: int) -> None:
        self._limit = limit
        for connection in self._writers:
            self._apply(connection)

    def _apply(self, connection: sqlite3.Connection) -> None:
        # It is at least what the file has already.
        connection.execute(f"PRAGMA max_page_count = {self._limit}")


_connect = sqlite_sql.connect


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    disk = Disk()
    monkeypatch.setattr(store_file, "connect", disk.connect)
    monkeypatch.setattr(StorageFull, "retry_after", timedelta(milliseconds=50))
    monkeypatch.setattr(patience, "SAID_AFTER", 0.0)
    yield disk
    disk.free()


class Freeing(logging.Handler):
    """Makes room once a program has said that there is none."""

    def __init__(self, disk: Disk) -> None:
        super().__init__()
        self._disk = disk
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())
        if "full" in self.said[-1]:
            self._disk.free()


@pytest.fixture
def freeing(disk: Disk) -> Iterator[Freeing]:
    handler = Freeing(disk)
    logger = logging.getLogger("penstock.connection")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


@task
def fills(number: int) -> str:
    return f"{number}" * 4_096


def test_a_run_waits_for_room_and_says_so(recorded: Any, disk: Disk, freeing: Freeing) -> None:
    @flow
    def works() -> int:
        disk.fill()
        return len([fills(number) for number in range(200)])

    assert works() == 200
    assert ["does not accept requests at the moment" in line for line in freeing.said] == [
        True,
        False,
    ]
    run = recorded.newest()
    assert recorded.names_of_states(run.id)[-2:] == ["Running", "Completed"]
    assert len(recorded.task_runs(run.id)) == 200


def test_a_program_that_begins_in_a_full_store_waits_for_room(
    recorded: Any, disk: Disk, freeing: Freeing
) -> None:
    @flow
    def adds(text: str) -> int:
        return len(text)

    adds("")
    disk.fill()
    assert adds("x" * 50_000) == 50_000
    assert freeing.said
    assert len(recorded.flow_runs()) == 2


def test_a_new_store_waits_for_room(recorded: Any, disk: Disk, freeing: Freeing) -> None:
    @flow
    def begins() -> int:
        return 1

    disk.fill()
    assert begins() == 1
    assert freeing.said
    assert len(recorded.flow_runs()) == 1
