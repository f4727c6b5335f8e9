"""Who may publish: the state service is stood for by a ledger of owners."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from penstock.errors import (
    ContentNotFound,
    IdTaken,
    InvalidArgument,
    LeaseLost,
    ResultNotFound,
    Unavailable,
)
from penstockd.artifact.rules.result import LeaseRef, Result
from penstockd.artifact.store import Intent
from penstockd.artifact.store.ports.content import ContentCatalog
from penstockd.artifact.store.result import SqlResultStore
from penstockd.artifact.usecases.result import Publication, Results
from penstockd.chassis.payload import ContentRef, Payload
from penstockd.database import Database
from penstockd.database.change_feed import Outbox
from penstockd.database.request_log import RequestLog
from unit.artifact.builders import DAY, Hands, a_content, an_id, an_intent, ref_of

pytestmark = pytest.mark.asyncio


async def nothing_happens() -> None:
    return None


@dataclass(slots=True, kw_only=True)
class OwnersLedger:
    """Fills the port to leases; `meanwhile` happens after the answer is decided."""

    owners: dict[UUID, LeaseRef] = field(default_factory=dict)
    reachable: bool = True
    meanwhile: Callable[[], Awaitable[object]] = nothing_happens

    async def check(self, namespace: str, flow_run_id: UUID, lease: LeaseRef) -> None:
        if not self.reachable:
            raise Unavailable("nobody answers")
        if self.owners.get(flow_run_id) != lease:
            raise LeaseLost("somebody else owns the run")
        happens, self.meanwhile = self.meanwhile, nothing_happens
        await happens()


@pytest.fixture
def ledger() -> OwnersLedger:
    return OwnersLedger()


@pytest_asyncio.fixture
async def results(database: Database, ledger: OwnersLedger, clock: Hands) -> Results:
    store = SqlResultStore(database, Outbox("artifact"), RequestLog("artifact"))
    return Results(store, ledger, clock)


def a_publication(ledger: OwnersLedger, **changes: Any) -> Publication:
    """By the owner of a run."""
    publication = Publication(
        result_id=an_id(),
        flow_run_id=an_id(),
        lease=LeaseRef(lease_id=an_id(), fence=1),
        payload=Payload(content_type="application/json", data=b"42"),
        traceparent="00-1",
    )
    publication = replace(publication, **changes)
    ledger.owners[publication.flow_run_id] = publication.lease
    return publication


def by_the_next_owner(publication: Publication, ledger: OwnersLedger) -> Publication:
    lease = LeaseRef(lease_id=an_id(), fence=publication.lease.fence + 1)
    ledger.owners[publication.flow_run_id] = lease
    return replace(publication, lease=lease)


def id_of(result: Result) -> bytes:
    return f"{result.id} {result.lease.fence}".encode()


async def publish(
    results: Results, publication: Publication, intent: Intent | None = None
) -> bytes:
    return await results.publish(intent or an_intent(), publication, render=id_of)


async def test_the_owner_publishes(
    results: Results, ledger: OwnersLedger, clock: Hands
) -> None:
    publication = a_publication(ledger)
    await publish(results, publication)
    assert await results.get("home", publication.result_id) == Result(
        namespace="home",
        id=publication.result_id,
        flow_run_id=publication.flow_run_id,
        lease=publication.lease,
        payload=publication.payload,
        traceparent="00-1",
        create_time=clock(),
    )


async def test_a_stale_owner_publishes_nothing(results: Results, ledger: OwnersLedger) -> None:
    stale = a_publication(ledger)
    by_the_next_owner(stale, ledger)
    with pytest.raises(LeaseLost):
        await publish(results, stale)
    with pytest.raises(ResultNotFound):
        await results.get("home", stale.result_id)


async def test_who_was_overtaken_after_the_check_publishes_nothing(
    results: Results, ledger: OwnersLedger
) -> None:
    slow = a_publication(ledger)

    async def overtake() -> None:
        await publish(results, replace(by_the_next_owner(slow, ledger), result_id=an_id()))

    ledger.meanwhile = overtake
    with pytest.raises(LeaseLost):
        await publish(results, slow)
    with pytest.raises(ResultNotFound):
        await results.get("home", slow.result_id)


async def test_who_was_overtaken_by_a_silent_owner_stands_in_nobodys_way(
    results: Results, ledger: OwnersLedger
) -> None:
    slow = a_publication(ledger)
    nexts: list[Publication] = []

    async def overtake() -> None:
        nexts.append(replace(by_the_next_owner(slow, ledger), result_id=an_id()))

    ledger.meanwhile = overtake
    await publish(results, slow)
    (successor,) = nexts
    await publish(results, successor)
    with pytest.raises(LeaseLost):
        await publish(results, replace(slow, result_id=an_id()))


async def test_a_lost_answer_is_given_again_though_the_lease_has_ended(
    results: Results, ledger: OwnersLedger
) -> None:
    intent, publication = an_intent(), a_publication(ledger)
    first = await publish(results, publication, intent)
    ledger.owners.clear()
    assert await publish(results, publication, intent) == first
    ledger.reachable = False
    assert await publish(results, publication, intent) == first


async def test_a_refused_request_may_come_again(results: Results, ledger: OwnersLedger) -> None:
    intent, publication = an_intent(), a_publication(ledger)
    ledger.reachable = False
    with pytest.raises(Unavailable):
        await publish(results, publication, intent)
    ledger.reachable = True
    await publish(results, publication, intent)


async def test_the_next_owner_may_say_the_same_again(
    results: Results, ledger: OwnersLedger, clock: Hands
) -> None:
    publication = a_publication(ledger)
    first = await publish(results, publication)
    clock.move(DAY)
    assert await publish(results, by_the_next_owner(publication, ledger)) == first


@pytest.mark.parametrize(
    "other",
    [
        {"flow_run_id": an_id()},
        {"payload": Payload(content_type="application/json", data=b"43")},
    ],
)
async def test_an_id_is_not_taken_twice(
    results: Results, ledger: OwnersLedger, other: dict[str, Any]
) -> None:
    publication = a_publication(ledger)
    await publish(results, publication)
    taken = a_publication(ledger, result_id=publication.result_id, **other)
    with pytest.raises(IdTaken):
        await publish(results, taken)


async def test_content_must_be_there_first(
    results: Results, ledger: OwnersLedger, catalog: ContentCatalog
) -> None:
    payload = Payload(content_type="text/plain", data=ref_of(b"water"))
    publication = a_publication(ledger, payload=payload)
    await catalog.add(a_content(b"water", "away"))
    with pytest.raises(ContentNotFound):
        await publish(results, publication)
    await catalog.add(a_content(b"water"))
    await publish(results, publication)
    assert (await results.get("home", publication.result_id)).payload == payload


async def test_content_of_another_size_is_a_mistake(
    results: Results, ledger: OwnersLedger, catalog: ContentCatalog
) -> None:
    await catalog.add(a_content(b"water"))
    lie = ContentRef(sha256=ref_of(b"water").sha256, size=6)
    payload = Payload(content_type="text/plain", data=lie)
    with pytest.raises(InvalidArgument, match="5 bytes, not 6"):
        await publish(results, a_publication(ledger, payload=payload))
