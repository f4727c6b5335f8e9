"""One effect for one request_id, whatever is repeated, delayed or lost."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from penstock.errors import RequestIdReused
from penstockd.database import Database, Sql
from penstockd.database.request_log import Answer, Intent, RequestLog
from sample_service.builders import NOON, a_thing, an_id
from sample_service.store import statement_texts as texts

pytestmark = pytest.mark.asyncio
LOG = RequestLog("sample")
INTENT = Intent(
    namespace="home", method="CreateThing", request_id=an_id(5), request_hash=b"\x01\x02"
)


async def create(
    database: Database, intent: Intent = INTENT, *, number: int = 1, fail: bool = False
) -> Answer:
    """Make a thing, once; each execution would make another one."""

    async def work(sql: Sql) -> Answer:
        async def execute() -> bytes:
            await sql.run(texts.INSERT, **a_thing(number))
            if fail:
                raise KeyError("no")
            return b"made %d" % number

        return await LOG.once(sql, intent, execute, now=NOON)

    return await database.write(work)


async def things(database: Database) -> int:
    row = await database.read(lambda sql: sql.one(texts.COUNT))
    assert row is not None
    return int(row["count"])


async def test_a_repeated_request_gets_the_same_answer(database: Database) -> None:
    answers = [await create(database, number=number) for number in (1, 2, 3)]
    assert answers == [
        Answer(response=b"made 1", replayed=False),
        Answer(response=b"made 1", replayed=True),
        Answer(response=b"made 1", replayed=True),
    ]
    assert await things(database) == 1


async def test_requests_at_the_same_time_have_one_effect(database: Database) -> None:
    answers = await asyncio.gather(*(create(database, number=number) for number in range(8)))
    assert len({answer.response for answer in answers}) == 1
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 7
    assert await things(database) == 1


async def test_after_a_failure_the_next_one_works(database: Database) -> None:
    # Which of them comes first is the database's choice; one alone can succeed.
    attempts = [create(database, number=number, fail=number != 3) for number in range(4)]
    *others, able = await asyncio.gather(*attempts, return_exceptions=True)
    assert isinstance(able, Answer)
    for other in others:
        assert isinstance(other, KeyError) or other == replace(able, replayed=True)
    assert await things(database) == 1


async def test_another_body_under_the_same_id_is_refused(database: Database) -> None:
    await create(database)
    with pytest.raises(RequestIdReused, match="use a new one"):
        await create(database, replace(INTENT, request_hash=b"\x03"), number=2)
    assert await things(database) == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(INTENT, namespace="away"),
        replace(INTENT, method="DeleteThing"),
        replace(INTENT, request_id=an_id(6)),
    ],
)
async def test_another_intent_is_another_effect(database: Database, other: Intent) -> None:
    await create(database)
    assert not (await create(database, other, number=2)).replayed


async def test_old_requests_are_forgotten(database: Database) -> None:
    await create(database)

    async def forget(older_than: timedelta) -> int:
        return await database.write(lambda sql: LOG.expire(sql, older_than=NOON + older_than))

    assert await forget(timedelta(0)) == 0
    assert await forget(timedelta(seconds=1)) == 1
    assert not (await create(database, number=2)).replayed
