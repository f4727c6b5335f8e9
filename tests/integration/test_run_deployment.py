"""The run that `run_deployment` returns, on an embedded store and on a server."""

import asyncio
import logging
import threading
from collections.abc import Iterator

import pytest

from integration.serving import Serving
from integration.waiting import wait_until
from penstock import flow, run_deployment
from penstock.client.flow_runs import FlowRuns
from penstock.client.process_connection import process_connection
from penstock.client.work_pools import WorkPools
from penstock.deployed_runs import DeployedRun
from penstock.errors import DeploymentNotFound, InvalidArgument
from penstock.exceptions import CancelledRun

# Nobody serves it, so that a run in it ends when a test wants it to.
POOL = "nobody"


@flow
def fills(litres: int = 1) -> None: ...


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with Serving(tmp_path_factory.mktemp("server")) as serving:
        yield serving


@pytest.fixture(scope="module", params=["embedded", "server"], autouse=True)
def deployed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PENSTOCK_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("PENSTOCK_ADDRESS", raising=False)
        if request.param == "server":
            patch.setenv("PENSTOCK_ADDRESS", request.getfixturevalue("server").address)
        opened = process_connection.opened()
        opened.loop.run(
            opened.part(WorkPools).create(POOL, pool_type="process", description="")
        )
        fills.deploy("d", POOL, print_next_steps=False)
        yield
        process_connection.close()


def cancel(run: DeployedRun) -> None:
    opened = process_connection.opened()
    opened.loop.run(opened.part(FlowRuns).cancel(run.id))


@pytest.mark.parametrize("timeout", [0, 0.05])
def test_sync_code_gets_the_run_as_it_is_when_the_time_is_over(timeout: float) -> None:
    run = run_deployment("fills/d", timeout=timeout, flow_run_name="first")
    assert (run.name, run.state.name) == ("first", "Scheduled")
    assert repr(run) == f"DeployedRun('first', Scheduled, id={run.id!r})"
    run.wait(timeout)
    with pytest.raises(TimeoutError, match="flow run first has not ended within 0 seconds"):
        run.result(0)
    cancel(run)


def test_a_run_that_nobody_has_looked_at_is_told_by_its_name() -> None:
    run = run_deployment("fills/d", timeout=0)
    assert repr(run) == f"DeployedRun({run.name!r}, id={run.id!r})"
    cancel(run)


def test_whoever_waits_hears_of_the_end() -> None:
    run = run_deployment("fills/d", timeout=0)
    ender = threading.Thread(target=cancel, args=(run,))
    ender.start()
    run.wait()
    # What was seen by waiting, before anybody asks.
    assert repr(run) == f"DeployedRun({run.name!r}, Cancelled, id={run.id!r})"
    ender.join()
    assert run.state.is_cancelled()
    with pytest.raises(CancelledRun):
        run.result()
    assert isinstance(run.result(raise_on_failure=False), CancelledRun)


def test_a_key_that_has_made_a_run_brings_that_run() -> None:
    first, again = (
        run_deployment("fills/d", timeout=0, idempotency_key="of today") for _ in range(2)
    )
    assert first.id == again.id
    cancel(first)
    again.wait()
    assert again.state.is_cancelled()


def test_in_a_loop_the_run_is_returned_at_once_and_awaited() -> None:
    async def program() -> DeployedRun:
        run = run_deployment("fills/d")
        assert repr(run).startswith("DeployedRun(")
        made = await run_deployment("fills/d", timeout=0)
        assert made.id != run.id
        ended, _, _ = await asyncio.gather(
            run, asyncio.to_thread(cancel, run), asyncio.to_thread(cancel, made)
        )
        assert ended is run
        return await run

    assert asyncio.run(program()).state.is_cancelled()


def test_in_a_loop_the_time_is_over_too() -> None:
    async def program() -> DeployedRun:
        run = await run_deployment("fills/d", timeout=0.05)
        assert run.state.is_scheduled()
        return run

    cancel(asyncio.run(program()))


def test_who_gives_up_waiting_leaves_the_run_as_it_is() -> None:
    async def program() -> DeployedRun:
        run = run_deployment("fills/d")
        waiting = asyncio.ensure_future(run)
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return run

    run = asyncio.run(program())
    assert run.state.is_scheduled()
    cancel(run)


@pytest.mark.parametrize(
    ("name", "parameters", "error", "message"),
    [
        ("fills/e", {}, DeploymentNotFound, "no deployment fills/e in default: `penstock"),
        ("0198b0a0-0000-7000-8000-000000000000", {}, DeploymentNotFound, "no deployment 0198"),
        (
            "fills/d",
            {"z": 1},
            InvalidArgument,
            "the flow has no parameter 'z': it takes litres",
        ),
        (
            "fills/d",
            {"litres": "x"},
            InvalidArgument,
            "'litres' must be integer, not string",
        ),
    ],
)
def test_what_cannot_be_run_is_said_at_the_call_or_when_it_is_awaited(
    name: str, parameters: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        run_deployment(name, parameters=parameters)

    async def program() -> None:
        run = run_deployment(name, parameters=parameters)
        with pytest.raises(error, match=message):
            await run
        with pytest.raises(error, match=message):
            _ = run.id
        assert f"DeployedRun({name!r}, not created: " in repr(run)

    asyncio.run(program())


def test_that_no_run_was_made_is_logged_if_nobody_asks(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def program() -> None:
        run_deployment("fills/e", timeout=0)

    monkeypatch.setattr(logging.getLogger("penstock"), "propagate", True)
    asyncio.run(program())
    wait_until(lambda: "No run of deployment fills/e was created" in caplog.text)
