"""Callers hear our words; what a driver says stays the cause of the error, for logs."""

import errno
import os
import sqlite3
from pathlib import Path

import asyncpg
import pytest

from penstock.errors import PenstockError, StorageFull, StorageUnavailable
from penstockd.chassis.logs import in_full
from penstockd.database import failures, postgres_pool
from penstockd.database.open import open_database
from sample_service import SCHEMA
from sample_service.builders import a_thing, put

DRIVERS_WORDS = 'relation "secret" [Errno 111] Connect call failed'


@pytest.mark.parametrize("code", [5, 8, 10, 11, 13, 14, 15, 26])
def test_no_text_of_sqlite_is_told(code: int) -> None:
    error = sqlite3.OperationalError(DRIVERS_WORDS)
    error.sqlite_errorcode = code
    told = failures.from_sqlite(error)
    assert isinstance(told, PenstockError)
    assert "secret" not in str(told)


@pytest.mark.parametrize(
    "state", ["22021", "53100", "40001", "55P03", "57014", "08006", "58000"]
)
def test_no_text_of_postgresql_is_told(state: str) -> None:
    told = failures.from_sqlstate(state, asyncpg.PostgresError(DRIVERS_WORDS))
    assert isinstance(told, PenstockError)
    assert "secret" not in str(told)


@pytest.mark.parametrize("kind", [OSError, TimeoutError, asyncpg.InterfaceError])
def test_no_text_of_a_broken_connection_is_told(kind: type[Exception]) -> None:
    told = postgres_pool.translated(kind(DRIVERS_WORDS))
    assert isinstance(told, PenstockError)
    assert "secret" not in str(told)


def test_a_full_disk_is_told_as_one_whatever_finds_it() -> None:
    grown = sqlite3.OperationalError("disk I/O error")
    grown.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert isinstance(failures.from_sqlite(grown), StorageFull)
    for number in (errno.ENOSPC, errno.EDQUOT):
        told = failures.from_os(OSError(number, os.strerror(number)), "/srv/store")
        assert isinstance(told, StorageFull)
        assert "/srv/store" in str(told)


def test_a_folder_that_may_not_be_written_to_is_named_with_what_helps() -> None:
    denied = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    with pytest.raises(StorageUnavailable, match=r"/srv/store cannot be used .*PENSTOCK_HOME"):
        raise failures.from_os(denied, "/srv/store")


def test_a_log_tells_the_cause_too() -> None:
    error = PenstockError("the database is away")
    assert in_full(error) == "the database is away"
    error.__cause__ = OSError("no route")
    assert in_full(error) == "the database is away (no route)"


@pytest.mark.asyncio
async def test_the_cause_stays_with_what_a_writer_says(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/p.db", schemas=[SCHEMA])
    try:
        await database.write(lambda sql: sql.script(["PRAGMA max_page_count = 1"]))
        with pytest.raises(StorageFull) as caught:
            await put(database, a_thing(1, name="x" * 1_000_000))
    finally:
        await database.close()
    assert isinstance(caught.value.__cause__, sqlite3.Error)
    assert str(caught.value.__cause__) not in str(caught.value)
