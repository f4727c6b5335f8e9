"""PostgreSQL that cuts connections, disagrees or is gone."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from hanging import HANG_LIMIT
from penstock.errors import InvalidArgument, StorageUnavailable
from penstockd.database import Database, Sql
from penstockd.database.open import open_database
from penstockd.database.postgres import LOOK_ELSEWHERE
from penstockd.database.readiness import answers
from sample_service import SCHEMA
from sample_service.builders import a_thing, an_id, load, put
from sample_service.store import statement_texts as texts

pytestmark = pytest.mark.asyncio
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest_asyncio.fixture
async def admin(postgres_url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(postgres_url)
    yield connection
    await connection.close()


async def test_connections_cut_while_idle_are_replaced_unseen(
    postgres: Database, admin: Any
) -> None:
    for number in range(5):
        await admin.fetch(CUT)
        await put(postgres, a_thing(number))
        await admin.fetch(CUT)
        assert await load(postgres, number) is not None


async def test_a_connection_cut_within_a_transaction_is_unavailable_and_then_well(
    postgres: Database, admin: Any
) -> None:
    for number in range(5):

        async def work(sql: Sql, number: int = number) -> None:
            await sql.run(texts.INSERT, **a_thing(number))
            await sql.script(["SELECT pg_sleep(20)"])

        writing = asyncio.create_task(postgres.write(work))
        while not await admin.fetchval(  # noqa: ASYNC110 - it is elsewhere
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE '%pg_sleep(20)%' "
            "AND pid <> pg_backend_pid()"
        ):
            await asyncio.sleep(0.005)
        await admin.fetch(CUT)
        with pytest.raises(StorageUnavailable):
            await writing
        assert await load(postgres, number) is None
    await put(postgres, a_thing(0))


async def test_many_works_under_many_cuts_end_as_done_or_unavailable(
    postgres: Database, admin: Any
) -> None:
    done: list[int] = []

    async def add(first: int) -> None:
        for number in range(first, first + 40):
            try:
                await put(postgres, a_thing(number))
                done.append(number)
            except StorageUnavailable:
                continue

    adding = asyncio.gather(*(add(first) for first in range(0, 400, 40)))
    while not adding.done():
        await admin.fetch(CUT)
        await asyncio.sleep(0.02)
    await adding
    for number in done:
        assert await load(postgres, number) is not None


async def test_a_deadlock_is_unavailable_for_one_and_nothing_for_the_other(
    postgres: Database,
) -> None:
    await put(postgres, a_thing(1), a_thing(2))
    both_hold_one = asyncio.Barrier(2)

    async def bump(sql: Sql, number: int) -> None:
        await sql.one(texts.BUMP, namespace="home", id=an_id(number))

    async def work(sql: Sql, first: int, second: int) -> None:
        await bump(sql, first)
        await both_hold_one.wait()
        await bump(sql, second)

    results = await asyncio.gather(
        postgres.write(lambda sql: work(sql, 1, 2)),
        postgres.write(lambda sql: work(sql, 2, 1)),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == [
        "NoneType", "StorageUnavailable",
    ]  # fmt: skip


async def test_a_cancelled_work_is_rolled_back_and_its_connection_dropped(
    postgres: Database, admin: Any
) -> None:
    async def work(sql: Sql) -> None:
        await sql.run(texts.INSERT, **a_thing(1))
        await sql.script(["SELECT pg_sleep(20)"])

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(postgres.write(work), 0.05)
    await put(postgres, a_thing(2))
    assert await load(postgres, 1) is None


async def test_another_process_is_woken_by_a_hint(
    postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It does not look by itself while anybody waits here.
    monkeypatch.setattr("penstockd.database.postgres.LOOK_ELSEWHERE", timedelta(hours=1))
    other = await open_database(postgres.url, schemas=[SCHEMA])
    number, heard = 0, False
    while not heard:  # its ear may still be connecting
        number += 1
        assert number < HANG_LIMIT
        commit = other.commits.listen()
        await put(postgres, a_thing(number))
        heard = await other.commits.wait(commit, timedelta(seconds=1))
    await other.close()


async def test_with_hints_cut_off_a_commit_is_still_noticed_by_looking_once_a_second(
    postgres: Database,
) -> None:
    other = await open_database(postgres.url, schemas=[SCHEMA])
    await other._hints.close()  # type: ignore[attr-defined]
    assert timedelta(seconds=1) >= LOOK_ELSEWHERE
    for number in range(3):
        commit = other.commits.listen()
        await put(postgres, a_thing(number))
        assert await other.commits.wait(commit, timedelta(seconds=HANG_LIMIT))
    await other.close()


async def test_a_database_that_is_not_there_is_named(unused_tcp_port: int) -> None:
    url = f"postgresql://me:secret@127.0.0.1:{unused_tcp_port}/penstock"
    with pytest.raises(
        StorageUnavailable, match=f"127.0.0.1:{unused_tcp_port}/penstock"
    ) as told:
        await open_database(url, schemas=[SCHEMA])
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "wrong", ["aaaa" * 20, "127.0.0.1/db?SECRET", "127.0.0.1/db?sslmode=SECRET"]
)
async def test_what_the_driver_cannot_read_is_not_repeated(wrong: str) -> None:
    with pytest.raises(InvalidArgument) as told:
        await open_database(f"postgresql://me:SECRET@{wrong}", schemas=[SCHEMA])
    assert "SECRET" not in f"{told.value} {told.value.__cause__}"
    assert told.value.__suppress_context__


async def test_a_database_that_does_not_exist_is_a_mistake(postgres_url: str) -> None:
    url = re.sub(r"/penstock_\w+", "/absent", postgres_url)
    with pytest.raises(InvalidArgument, match="absent"):
        await open_database(url, schemas=[SCHEMA])


async def alter_once_unused(other: Any, name: str, change: str) -> None:
    """Who is cut off is gone a moment later, and the pool connects anew as soon as it can."""
    async with asyncio.timeout(HANG_LIMIT):
        while True:
            await other.execute(CUT.replace("current_database()", f"'{name}'"))
            with suppress(asyncpg.ObjectInUseError):
                await other.execute(f"ALTER DATABASE {name} {change}")
                return


@pytest.mark.parametrize(
    ("away", "back"),
    [
        ("RENAME TO {name}_away", "ALTER DATABASE {name}_away RENAME TO {name}"),
        ("ALLOW_CONNECTIONS false", "ALTER DATABASE {name} ALLOW_CONNECTIONS true"),
    ],
)
async def test_a_database_that_is_away_for_a_while_is_no_mistake_of_callers(
    postgres: Database, postgres_url: str, away: str, back: str
) -> None:
    lacks = answers(postgres)
    name = postgres_url.rpartition("/penstock_")[2].partition("?")[0]
    name = f"penstock_{name}"
    other = await asyncpg.connect(postgres_url.replace(f"/{name}?", "/postgres?"))
    assert await lacks() == ""
    await alter_once_unused(other, name, away.format(name=name))
    try:
        with pytest.raises(StorageUnavailable):
            await load(postgres, 1)
        with pytest.raises(StorageUnavailable):
            await put(postgres, a_thing(1))
        assert "does not answer" in await lacks()
    finally:
        await other.execute(back.format(name=name))
        await other.close()
    await put(postgres, a_thing(1))
    assert await lacks() == ""


async def test_text_that_postgresql_cannot_hold_is_an_invalid_argument(
    postgres: Database,
) -> None:
    with pytest.raises(InvalidArgument, match="NUL"):
        await put(postgres, a_thing(1, name="a\0b"))
    with pytest.raises(InvalidArgument, match="NUL"):
        await put(postgres, a_thing(1, labels=["a\0b"]))
