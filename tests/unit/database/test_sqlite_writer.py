"""Group commit: many works, one transaction, and each waiter gets its own answer."""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hanging import HANG_LIMIT
from penstock.errors import StorageFull, StorageUnavailable, StoreLost
from penstockd.database import Database, Sql
from penstockd.database.executors import Inline, OnLoop
from penstockd.database.file_lock import FileLock, lock_of
from penstockd.database.open import open_database
from penstockd.database.sqlite_sql import connect
from penstockd.database.sqlite_time import SqliteTime
from penstockd.database.sqlite_writer import GroupWriter, Pending, Writable
from penstockd.database.store_file import StoreFile
from sample_service import SCHEMA
from sample_service.builders import a_thing, load, put
from sample_service.store import statement_texts as texts

pytestmark = pytest.mark.asyncio


class Later(Executor):
    """Runs nothing until told."""

    def __init__(self) -> None:
        self._call: Any = None

    def submit(self, fn: Any, /, *_args: Any, **_kwargs: Any) -> Future[Any]:
        self._call = fn
        return Future()

    def run(self) -> None:
        self._call()


async def add(sql: Sql, number: int) -> int:
    await sql.run(texts.INSERT, **a_thing(number))
    return number


async def test_works_that_wait_together_commit_together(
    database: Database, tmp_path: Path
) -> None:
    ran: list[str] = []
    later, groups = Later(), []
    writer = GroupWriter(
        a_store(tmp_path / "store/penstock.db"),
        executor=later,
        deliver=lambda group, changed: groups.append((len(group), changed)),
    )
    with writer._connection as connection:
        connection.set_trace_callback(ran.append)
    loop = asyncio.get_running_loop()
    for number in range(20):
        work = partial(add, number=number)
        writer.enqueue(Pending(work=work, loop=loop, future=loop.create_future()))
    later.run()
    assert groups == [(20, True)]
    assert [text for text in ran if text in ("BEGIN IMMEDIATE", "COMMIT")] == [
        "BEGIN IMMEDIATE", "COMMIT",
    ]  # fmt: skip
    writer.close()


async def test_a_group_wakes_its_loop_once(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, calls = asyncio.get_running_loop(), []
    wake = loop.call_soon_threadsafe

    def count(*call: Any, **context: Any) -> Any:
        calls.append(call)
        return wake(*call, **context)

    held = FileLock(lock_of(tmp_path / "store/penstock.db"))
    monkeypatch.setattr(loop, "call_soon_threadsafe", count)
    with held:  # the writer may have taken the first one already
        writing = [asyncio.create_task(put(database, a_thing(number))) for number in range(50)]
        await asyncio.sleep(0)
    await asyncio.gather(*writing)
    assert len(calls) <= 2
    held.close()


@pytest.mark.parametrize("writer", [Inline(), OnLoop()], ids=["inline", "on loop"])
async def test_without_a_thread_all_is_the_same(url: str, writer: Executor) -> None:
    database = await open_database(url, schemas=[SCHEMA], writer=writer, shared=False)
    numbers = await asyncio.gather(
        *(database.write(partial(add, number=number)) for number in range(10))
    )
    assert numbers == list(range(10))
    assert await load(database, 3) == a_thing(3)
    commit = database.commits.listen()
    await put(database, a_thing(11))
    assert commit.is_set()
    await database.close()


async def test_a_work_may_wait_for_nothing_else(database: Database) -> None:
    async def work(_sql: Sql) -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="other than its database"):
        await database.write(work)


async def test_a_work_whose_caller_has_gone_before_its_turn_is_spared(
    database: Database, tmp_path: Path
) -> None:
    held = FileLock(lock_of(tmp_path / "store/penstock.db"))
    with held:
        writing = asyncio.create_task(put(database, a_thing(1)))
        await asyncio.sleep(0)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    held.close()
    await put(database, a_thing(2))
    assert await load(database, 1) is None


async def test_a_work_that_changes_nothing_wakes_nobody(url: str) -> None:
    database = await open_database(url, schemas=[SCHEMA], shared=False)
    commit = database.commits.listen()
    await database.write(lambda sql: sql.run(texts.RENAME, **a_thing(), expected=9))
    assert not commit.is_set()
    await database.close()


async def test_a_full_disk_is_told_as_such_and_the_store_stays_whole(
    database: Database,
) -> None:
    await put(database, a_thing(1))

    async def fill(sql: Sql) -> None:
        await sql.script(["PRAGMA max_page_count = 1"])  # as many as there are now
        await sql.run_many(texts.INSERT, [a_thing(n, picture=bytes(9000)) for n in range(2, 9)])

    with pytest.raises(StorageFull, match="full"):
        await database.write(fill)
    await database.write(lambda sql: sql.script(["PRAGMA max_page_count = 100000"]))
    await put(database, a_thing(2))
    assert await database.read(lambda sql: sql.one(texts.COUNT)) == {"count": 2}


def a_writer(path: Path, lock: FileLock) -> GroupWriter:
    def answer(group: Sequence[Pending], _changed: bool) -> None:
        for pending in group:
            pending.resolve()

    return GroupWriter(a_store(path, lock), executor=Inline(), deliver=answer)


def a_store(path: Path, lock: FileLock | None = None) -> Writable:
    time = SqliteTime()
    with closing(connect(path, writer=False)) as connection:
        time.begin(connection)
    return Writable(file=StoreFile(path), lock=lock or FileLock(lock_of(path)), time=time)


def write(writer: GroupWriter, number: int) -> "asyncio.Future[Any]":
    loop = asyncio.get_running_loop()
    pending = Pending(work=partial(add, number=number), loop=loop, future=loop.create_future())
    writer.enqueue(pending)
    return pending.future


async def test_what_is_committed_is_told_so_though_a_checkpoint_fails(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "store/penstock.db"
    writer = a_writer(path, FileLock(lock_of(path)))
    with writer._connection as connection:
        connection.set_authorizer(
            lambda action, name, *_: (
                sqlite3.SQLITE_DENY
                if (action, name) == (sqlite3.SQLITE_PRAGMA, "wal_checkpoint")
                else sqlite3.SQLITE_OK
            )
        )
    assert [await write(writer, number) for number in range(40)] == list(range(40))
    writer.close()


async def test_a_lock_that_user_code_has_closed_is_told_to_all_who_wait(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "store/penstock.db"
    lock = FileLock(lock_of(path))
    writer = a_writer(path, lock)
    lock.close()
    for number in range(2):
        with pytest.raises(StoreLost, match="has closed files"):
            await asyncio.wait_for(write(writer, number), HANG_LIMIT)


async def test_a_closed_store_is_unavailable(url: str) -> None:
    database = await open_database(url, schemas=[SCHEMA])
    await database.close()
    with pytest.raises(StorageUnavailable):
        await put(database, a_thing(1))
    with pytest.raises(StorageUnavailable):
        await load(database)


async def test_a_reader_may_not_write(database: Database) -> None:
    with pytest.raises(StorageUnavailable, match="read-only"):
        await database.read(lambda sql: add(sql, 1))


async def test_a_commit_is_on_the_disk(database: Database, tmp_path: Path) -> None:
    async def settings(sql: Sql) -> list[Any]:
        connection: sqlite3.Connection = sql._connection  # type: ignore[attr-defined]
        return [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "wal_autocheckpoint", "foreign_keys")
        ]

    assert await database.write(settings) == ["wal", 2, 0, 0]


async def test_a_transaction_waits_for_the_file_lock(
    database: Database, tmp_path: Path
) -> None:
    held = FileLock(lock_of(tmp_path / "store/penstock.db"))
    with held:
        writing = asyncio.create_task(put(database, a_thing(1)))
        await asyncio.wait([writing], timeout=0.05)
        assert not writing.done()
    await writing
    held.close()


async def test_who_cannot_get_the_file_lock_gives_up(tmp_path: Path) -> None:
    held, other = (FileLock(tmp_path / "lock", patience=0.02) for _ in range(2))
    with held, pytest.raises(StorageUnavailable, match="has held"), other:
        pass
    with other:
        pass
    held.close()
    other.close()
