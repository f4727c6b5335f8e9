"""What a transaction promises, on both databases."""

import asyncio
from datetime import timedelta

import pytest

from penstockd.database import Database, Sql
from penstockd.database.failures import ConstraintViolated
from sample_service.builders import a_thing, an_id, load, put
from sample_service.store import statement_texts as texts

pytestmark = pytest.mark.asyncio


async def test_a_failed_work_leaves_nothing(database: Database) -> None:
    async def work(sql: Sql) -> None:
        await sql.run(texts.INSERT, **a_thing())
        raise KeyError("no")

    with pytest.raises(KeyError):
        await database.write(work)
    assert await load(database) is None


async def test_a_failed_work_does_not_harm_its_neighbours(database: Database) -> None:
    async def add(number: int) -> int:
        async def work(sql: Sql) -> int:
            await sql.run(texts.INSERT, **a_thing(number))
            if number % 3 == 0:
                raise KeyError(number)
            return number

        return await database.write(work)

    results = await asyncio.gather(*map(add, range(30)), return_exceptions=True)
    assert [r if isinstance(r, int) else "failed" for r in results] == [
        n if n % 3 else "failed" for n in range(30)
    ]
    counted = await database.read(lambda sql: sql.one(texts.COUNT))
    assert counted == {"count": 20}


async def test_a_work_sees_what_it_wrote(database: Database) -> None:
    async def work(sql: Sql) -> object:
        await sql.run(texts.INSERT, **a_thing())
        return await sql.one(texts.COUNT)

    assert await database.write(work) == {"count": 1}


async def test_an_error_that_is_caught_still_rolls_back(database: Database) -> None:
    await put(database, a_thing(1))

    async def work(sql: Sql) -> None:
        await sql.run(texts.INSERT, **a_thing(2))
        try:
            await sql.run(texts.INSERT, **a_thing(1))
        except ConstraintViolated:
            return

    with pytest.raises(ConstraintViolated):
        await database.write(work)
    assert await load(database, 2) is None


async def test_a_reader_waits_for_no_writer(database: Database) -> None:
    await put(database, a_thing(1))
    assert await database.read(lambda sql: sql.one(texts.COUNT)) == {"count": 1}


async def test_a_commit_wakes_those_who_wait(database: Database) -> None:
    commit = database.commits.listen()
    waiting = asyncio.create_task(database.commits.wait(commit, timedelta(seconds=5)))
    await put(database, a_thing(1))
    assert await waiting


async def test_waiting_for_a_commit_ends(database: Database) -> None:
    await put(database, a_thing(1))
    seen = [
        await database.commits.wait(database.commits.listen(), timedelta(milliseconds=30))
        for _ in range(20)
    ]
    assert False in seen


async def test_a_commit_between_reading_and_waiting_is_noticed(database: Database) -> None:
    commit = database.commits.listen()
    await put(database, a_thing(1))
    assert await database.commits.wait(commit, timedelta(0))


async def test_revisions_are_compared_under_concurrency(database: Database) -> None:
    await put(database, a_thing(1))

    async def rename(sql: Sql) -> int:
        return await sql.run(
            texts.RENAME, namespace="home", id=an_id(1), expected=1, name="mine"
        )

    won = await asyncio.gather(*(database.write(rename) for _ in range(10)))
    assert sum(won) == 1
