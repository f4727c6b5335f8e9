"""What happens while nobody calls."""

from datetime import timedelta
from pathlib import Path

import pytest

from builders import HandClock, Living
from contract.state.requests import a_creation
from contract.state.site import Site
from penstock.errors import StorageUnavailable
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from penstockd.state.wiring import Config, build

pytestmark = pytest.mark.asyncio


async def test_an_answer_is_remembered_for_a_day(site: Site) -> None:
    request = a_creation()
    first = await site.flow_runs.CreateFlowRun(request)
    site.inside.clock.forward(timedelta(hours=23))
    await site.inside.tick("state.retention")
    assert await site.flow_runs.CreateFlowRun(request) == first
    site.inside.clock.forward(timedelta(hours=2))
    await site.inside.tick("state.retention")
    assert await site.flow_runs.CreateFlowRun(request) != first


async def test_the_expiry_loop_looks_every_second(site: Site) -> None:
    assert await site.inside.tick() == timedelta(seconds=1)


async def test_a_busy_retention_comes_back_soon(site: Site) -> None:
    assert await site.inside.tick("state.retention") == timedelta(minutes=10)


async def test_nobody_is_lost_through_the_stores_own_outage(site: Site, embedded: Site) -> None:
    lease = await site.a_running_run()
    await embedded.an_owned_run("EMBEDDED")
    await site.pass_time(seconds=14)
    site.inside.living.broken = True
    with pytest.raises(StorageUnavailable):
        await site.pass_time(seconds=1)
    site.inside.living.broken = False
    await site.pass_time(seconds=15)
    assert await site.state(lease.run.flow_run_id) == "RUNNING"
    await site.pass_time(seconds=2)
    assert await site.state(lease.run.flow_run_id) == "CRASHED"


async def test_nobody_is_lost_through_a_clock_that_jumped(site: Site) -> None:
    lease = await site.a_running_run()
    await site.pass_time(seconds=10)
    site.inside.clock.forward(timedelta(seconds=6))
    await site.inside.tick()
    assert await site.state(lease.run.flow_run_id) == "RUNNING"
    await site.pass_time(seconds=15)
    assert await site.state(lease.run.flow_run_id) == "CRASHED"


async def test_a_service_is_ready_while_its_store_answers(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/p.db", schemas=[schema_of("state")])
    mounted = build(Config(), database, clock=HandClock(), liveness=Living())
    assert await mounted.readiness() == ""
    await database.close()
    assert "does not answer" in await mounted.readiness()


# What no version of the service writes.
POISON = "UPDATE state_flow_run SET attempt_cause = 'ODD' WHERE name = 'poisoned'"


async def test_a_run_that_cannot_be_read_holds_no_other_up(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    await site.a_running_run(name="poisoned")
    other = await site.a_running_run()
    await site.inside.database.write(lambda sql: sql.script([POISON]))
    await site.pass_time(seconds=17)
    assert await site.state(other.run.flow_run_id) == "CRASHED"
    told = [it.__dict__ for it in caplog.records if it.getMessage() == "loop.item_failed"]
    assert {it["loop"] for it in told} == {"state.expiry: sessions"}
    assert told[-1]["failures"] == len(told)


async def test_a_duty_that_fails_holds_no_other_up(
    site: Site, embedded: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_alive(_session_id: object) -> bool:
        raise ValueError("odd")

    await embedded.an_owned_run("EMBEDDED")
    lost = await site.a_running_run()
    monkeypatch.setattr(site.inside.living, "is_alive", is_alive)
    await site.pass_time(seconds=17)
    assert await site.state(lost.run.flow_run_id) == "CRASHED"
