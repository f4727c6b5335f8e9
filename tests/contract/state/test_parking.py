"""How long a renewal waits, for what, and beside which others."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contract.state.conftest import CONFIG
from contract.state.leasing import complete, rulings
from contract.state.requests import a_renewal
from contract.state.site import Site
from penstock.errors import ShuttingDown, WorkerSessionNotFound
from penstock.wire_errors import named_errors
from penstockd.state.wiring import Config

pytestmark = pytest.mark.asyncio
LONG = timedelta(seconds=30)
# What takes less was not waited for to its end.
AT_ONCE = LONG.total_seconds()
SHORT = timedelta(seconds=2)


@pytest.fixture
def interval() -> timedelta:
    return 2 * LONG


@pytest.fixture
def config(interval: timedelta) -> Config:
    return replace(CONFIG, ttl=3 * interval, renew_interval=interval)


async def timed(call: Awaitable[Any]) -> tuple[Any, float]:
    """Return an answer, and how many seconds it took."""
    clock = asyncio.get_running_loop().time
    start = clock()
    return await call, clock() - start


def parked(
    site: Site, session_id: str, *leases: Any, wait: timedelta = LONG
) -> "asyncio.Task[list[str]]":
    reports = [(lease.lease_ref, "RUNNING") for lease in leases]
    return asyncio.create_task(rulings(site, session_id, *reports, wait=wait))


@pytest.mark.parametrize("interval", [SHORT])
async def test_a_renewal_parks_for_the_interval_whatever_it_asks(site: Site) -> None:
    _, took = await timed(rulings(site, await site.a_session(), wait=LONG))
    assert SHORT.total_seconds() <= took < AT_ONCE


@pytest.mark.parametrize("wait", [timedelta(0), timedelta(milliseconds=300)])
async def test_a_renewal_parks_no_longer_than_it_asks(site: Site, wait: timedelta) -> None:
    _, took = await timed(rulings(site, await site.a_session(), wait=wait))
    assert wait.total_seconds() <= took < AT_ONCE


async def test_a_renewal_is_answered_before_its_deadline(
    site: Site, interval: timedelta
) -> None:
    """Who asks for 30 s and has 5 s is told how things are, and not that it is late."""
    request = a_renewal(await site.a_session(), wait=LONG)
    answer = await site.leases.Renew(request, timeout=5)
    assert answer.renew_interval.ToTimedelta() == interval


async def test_renewals_that_overlap_are_each_answered_for_what_they_list(site: Site) -> None:
    session_id = await site.a_session()
    leases = [await site.a_claimed_run(session_id) for _ in range(4)]
    await rulings(site, session_id, *((it.lease_ref, "RUNNING") for it in leases))
    waits = (SHORT, SHORT, LONG, LONG)
    waiting = [
        parked(site, session_id, *leases[:count], wait=wait)
        for count, wait in enumerate(waits, 1)
    ]
    await asyncio.sleep(0.1)
    await site.cancel(leases[2].run.flow_run_id)
    told, took = await timed(asyncio.gather(*waiting[2:]))
    assert took < AT_ONCE
    assert [await each for each in waiting] == [
        ["OK"],
        ["OK", "OK"],
        ["OK", "OK", "CANCEL"],
        ["OK", "OK", "CANCEL", "OK"],
    ]
    told = await rulings(site, session_id, *((it.lease_ref, "RUNNING") for it in leases))
    assert told == ["OK", "OK", "CANCEL", "OK"]


async def test_an_acknowledgement_is_answered_at_once(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    for phase in ("ACKNOWLEDGED", "RUNNING"):
        told, took = await timed(rulings(site, session_id, (lease.lease_ref, phase), wait=LONG))
        assert told == ["OK"]
        assert took < AT_ONCE


async def test_a_renewal_parks_until_a_cancel_comes(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await rulings(site, session_id, (lease.lease_ref, "RUNNING"))
    await site.move(lease, "RUNNING")
    waiting = parked(site, session_id, lease)
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await site.cancel(lease.run.flow_run_id)
    told, took = await timed(waiting)
    assert told == ["CANCEL"]
    assert took < AT_ONCE


async def test_what_is_new_is_acknowledged_beside_a_parked_renewal(site: Site) -> None:
    """Both go on: the parked one does not know the new lease, and takes nothing from it."""
    session_id = await site.a_session()
    first = await site.a_claimed_run(session_id)
    await rulings(site, session_id, (first.lease_ref, "RUNNING"))
    waiting = parked(site, session_id, first)
    await asyncio.sleep(0.1)
    second = await site.a_claimed_run(session_id)
    both = [(it.lease_ref, "RUNNING") for it in (first, second)]
    told, took = await timed(rulings(site, session_id, *both, wait=LONG))
    assert told == ["OK", "OK"]
    assert took < AT_ONCE
    assert not waiting.done()
    beside = parked(site, session_id, first, second)
    await asyncio.sleep(0.1)
    await site.cancel(first.run.flow_run_id)
    assert await waiting == ["CANCEL"]
    assert await beside == ["CANCEL", "OK"]
    assert await site.state(second.run.flow_run_id) == "PENDING"


async def test_a_parked_renewal_hears_that_its_lease_was_lost(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await rulings(site, session_id, (lease.lease_ref, "RUNNING"))
    waiting = parked(site, session_id, lease)
    await asyncio.sleep(0.1)
    await complete(site, lease, "given_back")
    assert await waiting == ["LOST"]


async def test_a_parked_renewal_sleeps_on_when_its_owner_ends_the_run(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await rulings(site, session_id, (lease.lease_ref, "RUNNING"))
    await site.move(lease, "RUNNING")
    waiting = parked(site, session_id, lease, wait=SHORT)
    await asyncio.sleep(0.1)
    await site.move(lease, "COMPLETED")
    await complete(site, lease)
    assert await waiting == ["OK"]


async def test_a_parked_renewal_hears_that_its_session_ended(site: Site) -> None:
    session_id = await site.a_session()
    waiting = parked(site, session_id)
    await asyncio.sleep(0.1)
    await site.pass_time(seconds=200)
    with pytest.raises(WorkerSessionNotFound), named_errors():
        await waiting
    with pytest.raises(WorkerSessionNotFound), named_errors():
        await site.leases.Renew(a_renewal(session_id))


async def test_the_drain_lets_a_parked_renewal_go(site: Site) -> None:
    waiting = parked(site, await site.a_session())
    await asyncio.sleep(0.1)
    site.inside.draining.begin()
    with pytest.raises(ShuttingDown), named_errors():
        await waiting
