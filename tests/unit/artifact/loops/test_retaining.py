from datetime import timedelta

import pytest

from penstockd.artifact.loops.retaining import INTERVAL, Retaining
from penstockd.artifact.store.ports.result import ResultTransaction
from penstockd.artifact.store.result import SqlResultStore
from penstockd.artifact.store.retention import SqlRetention
from penstockd.database import Database
from penstockd.database.change_feed import Outbox
from penstockd.database.request_log import RequestLog
from unit.artifact.builders import DAY, MOMENT, NOON, a_result, an_intent

WEEK = timedelta(days=7)


@pytest.mark.asyncio
async def test_requests_are_forgotten_before_changes(database: Database) -> None:
    outbox, request_log = Outbox("artifact"), RequestLog("artifact")
    store = SqlResultStore(database, outbox, request_log)

    async def work(tx: ResultTransaction) -> bytes:
        return bytes(await tx.insert(a_result()))

    await store.once(an_intent(), work, now=NOON)
    memory = SqlRetention(database, outbox, request_log)
    retention = Retaining(memory=memory, requests=DAY, changes=WEEK)
    ticks = [NOON + DAY, NOON + DAY + MOMENT, NOON + WEEK, NOON + WEEK + MOMENT]
    delays = [await retention.tick(now) for now in ticks]
    assert delays == [INTERVAL, timedelta(0), INTERVAL, timedelta(0)]
