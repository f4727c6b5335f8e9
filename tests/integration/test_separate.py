"""`penstockd all --separate`: five processes that look like one server."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from integration.caller import Caller, state_of
from integration.serving import Serving
from integration.system import processes_of


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def serving(store: Path, postgres_url: str) -> Iterator[Serving]:
    with Serving(store, "--separate", PENSTOCK_DATABASE=postgres_url) as running:
        yield running


def test_a_deployed_run_goes_through_the_one_address(serving: Serving) -> None:
    with closing(Caller(serving.addresses)) as caller:
        run = caller.run(caller.deploy("travelling"))
        ended = caller.ended(run, within=30.0)
        assert state_of(ended) == "COMPLETED", caller.story(run)


def test_neither_a_run_nor_its_executor_sees_the_database(
    store: Path, postgres_url: str
) -> None:
    secrets = {"PENSTOCK_DATABASE": postgres_url, "A_KEY": "s3cret", "ANOTHER_KEY": "s3cret"}
    passing = {"PENSTOCK_EXECUTOR_PASS_ENVIRONMENT": "ANOTHER_*,PENSTOCK_*"}
    with (
        Serving(store, "--separate", **secrets, **passing) as serving,
        closing(Caller(serving.addresses)) as caller,
    ):
        run = caller.run(caller.deploy("telling_its_environment"))
        assert state_of(caller.ended(run, within=30.0)) == "COMPLETED", caller.story(run)
        log = caller.log(run)
        [executor] = [each for each in processes_of(store) if "executor" in each.cmdline()]
        assert "PENSTOCK_DATABASE" not in executor.environ()
    assert {"got PATH", "got ANOTHER_KEY"} <= set(log.splitlines())
    assert "got PENSTOCK_DATABASE" not in log
    assert "got A_KEY" not in log
    [withheld] = [line for line in log.splitlines() if "withheld" in line]
    assert "A_KEY" in withheld


def test_nothing_stays_after_its_end(store: Path, postgres_url: str) -> None:
    with Serving(store, "--separate", PENSTOCK_DATABASE=postgres_url) as running:
        assert len(processes_of(store)) == 5
        psutil.Process(running.pid).terminate()
        running.wait()
        assert running.exit_code == 0
        assert processes_of(store) == []


def test_the_loss_of_one_service_ends_all_with_its_name(serving: Serving, store: Path) -> None:
    [scheduler] = [each for each in processes_of(store) if "scheduler" in each.cmdline()]
    os.kill(scheduler.pid, signal.SIGKILL)
    serving.wait()
    assert serving.exit_code == 69
    assert "scheduler" in serving.log().splitlines()[-1]
    assert processes_of(store) == []
