"""A feed delivers every committed change once, in order, whoever writes at the same time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from hanging import HANG_LIMIT
from penstock.errors import CursorExpired, CursorInvalid
from penstockd.database import Database, Sql
from penstockd.database.change_feed import Change, Interest, Outbox, follow
from penstockd.database.feed_statements import PositionTexts
from sample_service.builders import NOON, a_thing, an_id, put
from sample_service.store import statement_texts as texts

pytestmark = pytest.mark.asyncio
OUTBOX = Outbox("sample")
# The mistake that INVARIANTS forbid: a sequence number as cursor.
SERIAL = Outbox(
    "sample",
    positions=PositionTexts(
        end="0::bigint AS end_txid, "
        "COALESCE((SELECT max(position) FROM {outbox}), 0) AS end_position",
        between="position > $1::bigint + $2::bigint AND position <= $3::bigint + $4::bigint",
        order="position",
    ),
)
EVERYTHING = Interest(namespace="home")
RESOURCES, WRITERS, WRITES = 4, 8, 15


def a_change(number: int = 1, **changes: object) -> Change:
    values = {"namespace": "home", "kind": "thing", "resource_id": an_id(number), "seq": 1}
    return Change(**(values | {"create_time": NOON} | changes))  # type: ignore[arg-type]


async def append(database: Database, *changes: Change) -> None:
    await database.write(lambda sql: OUTBOX.append(sql, changes))


async def after(
    database: Database, cursor: str, interest: Interest = EVERYTHING, *, limit: int = 250
) -> tuple[str, Sequence[Change]]:
    """What the feed holds after a cursor, once no other test's transaction hides it."""
    return await database.read(lambda sql: OUTBOX.after(sql, cursor, interest, limit=limit))


def watch(
    database: Database,
    cursor: str,
    *,
    outbox: Outbox = OUTBOX,
    interest: Interest = EVERYTHING,
    progress: timedelta = timedelta(milliseconds=20),
) -> AsyncIterator[tuple[str, Sequence[Change]]]:
    async def read(place: str) -> tuple[str, Sequence[Change]]:
        return await database.read(lambda sql: outbox.after(sql, place, interest))

    return follow(read, cursor, commits=database.commits, progress=progress)


async def take(
    batches: AsyncIterator[tuple[str, Sequence[Change]]], count: int
) -> tuple[str, list[Change]]:
    seen: list[Change] = []
    async with asyncio.timeout(HANG_LIMIT):
        async for cursor, changes in batches:
            seen += changes
            if len(seen) >= count:
                return cursor, seen
    raise AssertionError("a watch never ends by itself")


class Gate:
    """Transactions that pass it wait while it is closed."""

    PASS = "SELECT pg_advisory_xact_lock(1)"

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @classmethod
    async def close(cls, url: str) -> "Gate":
        connection = await asyncpg.connect(url)
        await connection.execute("SELECT pg_advisory_lock(1)")
        return cls(connection)

    async def somebody_waits(self) -> None:
        query = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        while not await self._connection.fetchval(query):  # noqa: ASYNC110 - it is elsewhere
            await asyncio.sleep(0.005)

    async def open(self) -> None:
        await self._connection.close()


async def write_all(database: Database) -> None:
    """Many transactions on few resources; some hold their place in the feed for a while."""
    await put(database, *(a_thing(number, revision=0) for number in range(RESOURCES)))

    async def write(writer: int, turn: int) -> None:
        resource = an_id((writer + turn) % RESOURCES)

        async def work(sql: Sql) -> None:
            if turn % 3 == 0:  # the transaction gets its id long before it has the row
                await sql.run(texts.INSERT, **a_thing(1000 + writer * WRITES + turn))
            row = await sql.one(texts.BUMP, namespace="home", id=resource)
            assert row is not None
            change = a_change(resource_id=resource, seq=row["revision"])
            await OUTBOX.append(sql, [change])
            if sql.dialect == "postgresql" and (writer + turn) % 4 == 0:
                await sql.script(["SELECT pg_sleep(0.01)"])

        await database.write(work)

    async def write_one_after_another(writer: int) -> None:
        for turn in range(WRITES):
            await write(writer, turn)

    await asyncio.gather(*map(write_one_after_another, range(WRITERS)))


def sequences(changes: Sequence[Change]) -> dict[UUID, list[int]]:
    """The numbers of each resource's changes, in the order in which they came."""
    stable = sorted(changes, key=lambda it: it.resource_id.int)
    return {
        resource: [change.seq for change in of_resource]
        for resource, of_resource in groupby(stable, key=lambda it: it.resource_id)
    }


async def test_every_change_is_seen_once_and_in_order_beside_many_writers(
    database: Database,
) -> None:
    watching = asyncio.create_task(take(watch(database, "0.0"), WRITERS * WRITES))
    await write_all(database)
    _, seen = await watching
    assert len(seen) == WRITERS * WRITES
    for numbers in sequences(seen).values():
        assert numbers == list(range(1, len(numbers) + 1))


async def test_a_serial_cursor_would_lose_changes(postgres: Database) -> None:
    written = asyncio.Event()

    async def take_until_written() -> list[Change]:
        seen: list[Change] = []
        async for _, changes in watch(postgres, "0.0", outbox=SERIAL):
            seen += changes
            if written.is_set() and not changes:
                return seen
        raise AssertionError("a watch never ends by itself")

    watching = asyncio.create_task(take_until_written())
    await write_all(postgres)
    written.set()
    async with asyncio.timeout(HANG_LIMIT):
        assert len(await watching) < WRITERS * WRITES


@pytest.mark.parametrize(("outbox", "seen"), [(OUTBOX, [1, 2]), (SERIAL, [2])])
async def test_a_change_that_commits_late_is_not_stepped_over(
    postgres: Database, outbox: Outbox, seen: list[int]
) -> None:
    gate = await Gate.close(postgres.url)

    async def work(sql: Sql) -> None:
        await OUTBOX.append(sql, [a_change(1)])
        await sql.script([Gate.PASS])

    late = asyncio.create_task(postgres.write(work))
    await gate.somebody_waits()
    await append(postgres, a_change(2))
    cursor, first = await postgres.read(lambda sql: outbox.after(sql, "0.0", EVERYTHING))
    await gate.open()
    await late
    async with asyncio.timeout(HANG_LIMIT):
        rest: Sequence[Change] = ()
        while len(first) + len(rest) < len(seen):
            _, rest = await postgres.read(lambda sql: outbox.after(sql, cursor, EVERYTHING))
    _, rest = await postgres.read(lambda sql: outbox.after(sql, cursor, EVERYTHING))
    assert [change.resource_id for change in (*first, *rest)] == list(map(an_id, seen))


async def test_a_later_change_of_a_resource_never_comes_first(postgres: Database) -> None:
    """Although its transaction began, and got its id, before the other one's."""
    gate = await Gate.close(postgres.url)

    async def work(sql: Sql) -> None:
        await sql.run(texts.INSERT, **a_thing(9))
        await sql.script([Gate.PASS])
        await OUTBOX.append(sql, [a_change(1, seq=2)])

    early = asyncio.create_task(postgres.write(work))
    await gate.somebody_waits()
    await append(postgres, a_change(1, seq=1))
    await gate.open()
    await early
    _, seen = await take(watch(postgres, "0.0"), 2)
    assert [change.seq for change in seen] == [1, 2]


async def test_a_first_batch_comes_at_once_even_if_it_is_empty(database: Database) -> None:
    batches = watch(database, "", progress=timedelta(hours=1))
    async with asyncio.timeout(HANG_LIMIT):
        cursor, changes = await anext(batches)
    assert (list(changes), await database.read(OUTBOX.end)) == ([], cursor)


async def test_a_watch_sends_empty_batches_in_a_lull(database: Database) -> None:
    batches = watch(database, "", progress=timedelta(0))
    assert [list((await anext(batches))[1]) for _ in range(3)] == [[], [], []]


async def test_a_watch_goes_on_where_another_one_stopped(database: Database) -> None:
    await append(database, *(a_change(number) for number in range(5)))
    cursor, seen = await take(watch(database, "0.0"), 5)
    await append(database, a_change(7))
    assert len(seen) == 5
    assert (await take(watch(database, cursor), 1))[1] == [a_change(7)]


async def test_a_batch_is_limited_and_the_next_one_follows_it(database: Database) -> None:
    await append(database, *(a_change(number) for number in range(5)))
    await take(watch(database, "0.0"), 5)
    cursor, numbers = "0.0", []
    for _ in range(3):
        cursor, changes = await after(database, cursor, limit=2)
        numbers.append([change.resource_id.int for change in changes])
    assert numbers == [[0, 1], [2, 3], [4]]


async def test_a_reading_of_which_nothing_is_wanted_is_read_on_from(database: Database) -> None:
    """Nothing may ever commit again, so that whoever waits would wait for the lull to end."""
    await append(database, *(a_change(number) for number in range(9)))

    async def read(place: str) -> tuple[str, Sequence[Change] | None]:
        place, changes = await after(database, place, limit=2)
        kept = [it for it in changes if it.resource_id.int == 7]
        return place, kept if kept or len(changes) < 2 else None

    hour = timedelta(hours=1)
    batches = follow(read, "0.0", commits=database.commits, progress=hour)
    first = await anext(batches)
    assert (list(first[1]), first[0] > "0.0") == ([], True)
    assert (await take(batches, 1))[1] == [a_change(7)]


@pytest.mark.parametrize(
    ("interest", "numbers"),
    [
        (Interest(), [1, 2, 3, 4]),
        (Interest(namespace="home"), [1, 2, 3]),
        (Interest(namespace="home", kinds=("log",)), [2]),
        (Interest(kinds=("thing", "log"), scope_id=an_id(9)), [3]),
        (Interest(scope_id=an_id(9)), [3]),
    ],
)
async def test_a_watch_sees_what_it_is_interested_in(
    database: Database, interest: Interest, numbers: list[int]
) -> None:
    await append(
        database,
        a_change(1),
        a_change(2, kind="log"),
        a_change(3, scope_id=an_id(9)),
        a_change(4, namespace="away"),
    )
    _, seen = await take(watch(database, "0.0", interest=interest), len(numbers))
    assert [change.resource_id.int for change in seen] == numbers


async def test_a_change_of_a_failed_transaction_never_comes(database: Database) -> None:
    async def work(sql: Sql) -> None:
        await OUTBOX.append(sql, [a_change(1)])
        raise KeyError("no")

    with pytest.raises(KeyError):
        await database.write(work)
    await append(database, a_change(2))
    assert (await take(watch(database, "0.0"), 1))[1] == [a_change(2)]


async def test_a_cursor_names_a_change_and_no_transaction_that_a_crash_may_undo(
    database: Database,
) -> None:
    """PostgreSQL counts anew what aborted just before it crashed."""
    await append(database, a_change())
    await take(watch(database, "0.0"), 1)
    before = await database.read(OUTBOX.end)

    async def give_up(sql: Sql) -> None:
        await sql.run(texts.INSERT, **a_thing(1))
        raise InterruptedError

    for _ in range(3):
        with pytest.raises(InterruptedError):
            await database.write(give_up)
    assert await database.read(OUTBOX.end) == before
    assert (await after(database, before))[0] == before


@pytest.mark.parametrize(
    "cursor", ["1", "x.1", "1.", "-1.0", "1.2.3", "01.1", "٣.٣", "9" * 30 + ".0"]
)
async def test_what_is_no_cursor_is_refused(database: Database, cursor: str) -> None:
    with pytest.raises(CursorInvalid):
        await after(database, cursor)


async def test_a_cursor_of_another_store_is_refused(database: Database) -> None:
    with pytest.raises(CursorExpired):
        await after(database, f"{10**15}.7")


async def test_a_cursor_before_what_was_deleted_expires(database: Database) -> None:
    await append(database, *(a_change(number) for number in (1, 2)))
    await append(database, a_change(3, create_time=NOON + timedelta(days=2)))
    await take(watch(database, "0.0"), 3)
    behind_two, _ = await after(database, "0.0", limit=2)
    old = NOON + timedelta(days=1)
    assert await database.write(lambda sql: OUTBOX.expire(sql, older_than=old)) == 2
    with pytest.raises(CursorExpired, match="list again"):
        await after(database, "0.0")
    assert [it.resource_id for it in (await after(database, behind_two))[1]] == [an_id(3)]
    assert await database.write(lambda sql: OUTBOX.expire(sql, older_than=old)) == 0
