import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from penstock.errors import RequestIdReused, ResultNotFound
from penstockd.artifact.rules.result import Result
from penstockd.artifact.store.content import SqlContentCatalog
from penstockd.artifact.store.ports.result import ResultStore, ResultTransaction
from penstockd.artifact.store.result import SqlResultStore
from penstockd.artifact.store.retention import SqlRetention
from penstockd.chassis.payload import Payload
from penstockd.database import Database
from penstockd.database.change_feed import Change, Interest, Outbox
from penstockd.database.request_log import RequestLog
from unit.artifact.builders import (
    DAY,
    MOMENT,
    NOON,
    a_content,
    a_result,
    an_id,
    an_intent,
    key_of,
    ref_of,
)

pytestmark = pytest.mark.asyncio

OUTBOX, REQUEST_LOG = Outbox("artifact"), RequestLog("artifact")
EVERYTHING = Interest()


@pytest_asyncio.fixture
async def store(database: Database) -> ResultStore:
    return SqlResultStore(database, OUTBOX, REQUEST_LOG)


def inserting(*results: Result) -> Callable[[ResultTransaction], Coroutine[Any, Any, bytes]]:
    async def work(tx: ResultTransaction) -> bytes:
        return bytes([await tx.insert(result) for result in results])

    return work


def raising(run: Any, fence: int) -> Callable[[ResultTransaction], Coroutine[Any, Any, bytes]]:
    async def work(tx: ResultTransaction) -> bytes:
        return bytes([await tx.raise_fence("home", run, fence)])

    return work


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"traceparent": "00-1"},
        {
            "payload": Payload(
                content_type="application/json",
                data=b'["1"]',
                integer_pointers=("/0",),
                redacted_pointers=("/1",),
            )
        },
        {"payload": Payload(content_type="text/plain", data=b"")},
        {"payload": Payload(content_type="text/plain", data=ref_of(b"water"))},
        {"payload": Payload(content_type="text/plain", data=ref_of(b""))},
    ],
)
async def test_a_result_is_read_as_it_was_published(
    store: ResultStore, changes: dict[str, Any]
) -> None:
    result = a_result(**changes)
    await store.once(an_intent(), inserting(result), now=NOON)
    assert await store.load("home", result.id) == result


async def test_a_result_lives_in_its_namespace(store: ResultStore) -> None:
    result = a_result(namespace="away")
    await store.once(an_intent(), inserting(result), now=NOON)
    with pytest.raises(ResultNotFound):
        await store.load("home", result.id)
    assert await store.once(an_intent(), inserting(a_result(id=result.id)), now=NOON) == b"\1"


async def test_an_id_is_taken_once(store: ResultStore) -> None:
    result = a_result()
    taken = replace(result, flow_run_id=an_id())
    assert await store.once(an_intent(), inserting(result, taken), now=NOON) == b"\1\0"
    assert await store.load("home", result.id) == result


async def test_each_publication_is_a_change(store: ResultStore, database: Database) -> None:
    start = await database.read(OUTBOX.end)
    result = a_result()
    await store.once(an_intent(), inserting(result, result), now=NOON)
    _, changes = await database.read(lambda sql: OUTBOX.after(sql, start, EVERYTHING))
    assert changes == [
        Change(
            namespace="home",
            kind="result",
            resource_id=result.id,
            scope_id=result.flow_run_id,
            seq=1,
            create_time=NOON,
        )
    ]


async def test_a_failed_publication_leaves_nothing(
    store: ResultStore, database: Database
) -> None:
    result, run = a_result(), an_id()

    async def work(tx: ResultTransaction) -> bytes:
        await tx.insert(result)
        await tx.raise_fence("home", run, 7)
        raise KeyError("no")

    start = await database.read(OUTBOX.end)
    intent = an_intent()
    with pytest.raises(KeyError):
        await store.once(intent, work, now=NOON)
    with pytest.raises(ResultNotFound):
        await store.load("home", result.id)
    assert await store.once(intent, raising(run, 1), now=NOON) == b"\1"
    _, changes = await database.read(lambda sql: OUTBOX.after(sql, start, EVERYTHING))
    assert changes == []


async def test_the_fence_of_a_run_never_falls(store: ResultStore) -> None:
    run = an_id()
    raised = [
        await store.once(an_intent(), raising(run, fence), now=NOON) for fence in (2, 2, 3, 2)
    ]
    assert raised == [b"\1", b"\1", b"\1", b"\0"]
    assert await store.once(an_intent(), raising(an_id(), 1), now=NOON) == b"\1"


async def test_of_publications_at_once_the_fences_rise(store: ResultStore) -> None:
    run = an_id()
    won: list[int] = []

    async def publish(fence: int) -> None:
        async def work(tx: ResultTransaction) -> bytes:
            if await tx.raise_fence("home", run, fence):
                won.append(fence)
            return b""

        await store.once(an_intent(), work, now=NOON)

    await asyncio.gather(*(publish(fence) for fence in (3, 1, 5, 2, 4, 5)))
    assert won == sorted(won)
    assert won[-2:] == [5, 5]


async def test_a_transaction_sees_which_content_is_there(
    store: ResultStore, database: Database
) -> None:
    await SqlContentCatalog(database).add(a_content(b"water"))

    async def work(tx: ResultTransaction) -> bytes:
        assert await tx.content_size(key_of(b"water")) == 5
        assert await tx.content_size(key_of(b"water", "away")) is None
        assert await tx.content_size(key_of(b"steam")) is None
        return b"seen"

    assert await store.once(an_intent(), work, now=NOON) == b"seen"


async def test_a_request_that_comes_twice_happens_once(store: ResultStore) -> None:
    intent = an_intent()
    first = await store.once(intent, inserting(a_result()), now=NOON)
    assert await store.once(intent, inserting(a_result(), a_result()), now=NOON) == first
    with pytest.raises(RequestIdReused):
        await store.once(replace(intent, request_hash=b"2"), inserting(a_result()), now=NOON)


async def test_old_requests_and_changes_are_forgotten(
    store: ResultStore, database: Database
) -> None:
    intent, run = an_intent(), an_id()
    await store.once(intent, inserting(a_result()), now=NOON)
    retention = SqlRetention(database, OUTBOX, REQUEST_LOG)
    later = NOON + MOMENT
    assert await retention.forget(requests_before=NOON, changes_before=NOON) == 0
    assert await retention.forget(requests_before=later, changes_before=NOON) == 1
    assert await retention.forget(requests_before=later, changes_before=later) == 1
    assert await store.once(intent, raising(run, 1), now=NOON + DAY) == b"\1"
