"""A service that is away, for however long, costs no run anything but the time."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fixtures_systems import NewSystem
from hanging import HANG_LIMIT
from integration.caller import Caller, state_of
from integration.serving import Serving
from integration.system import LEASH, System, clean_environment, end_all_of
from integration.waiting import appears

# A person's patience is over at once; what a run does has another.
SCRIPT = """
import os, signal
from penstock import flow, task
from penstock.ground import patience
from penstock.recording import ordered_queue

patience.PATIENCE = 0.1
ordered_queue.KEPT, ordered_queue.LONGEST_BATCH = 20, 10

@task
def step(number):
    return number

@flow
def within():
    return step(1)

@flow
def alone(server):
    step(0)
    os.kill(server, signal.SIGKILL)
    total = sum(step(number) for number in range(300))
    return total + within()

print(alone(int(os.environ["SERVER"])))
"""
STARTING = """
import os, time
from pathlib import Path
from penstock import flow

HERE = Path(__file__).parent
(HERE / "told").write_text(str(os.getpid()))
(HERE / "told").rename(HERE / "importing")
while not (HERE / "go").exists():
    time.sleep(0.02)

@flow
def begins() -> int:
    return 1
"""


def test_a_script_outlasts_whatever_time_its_server_is_away(tmp_path: Path) -> None:
    home = tmp_path / "script"
    with Serving(tmp_path / "server") as first:
        script = subprocess.Popen(
            [sys.executable, "-c", LEASH, "-c", SCRIPT],
            env=clean_environment(
                PENSTOCK_HOME=str(home),
                PENSTOCK_ADDRESS=first.address,
                SERVER=str(first.pid),
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert script.stderr is not None
        said = ""
        while "does not accept requests at the moment" not in said:
            said = script.stderr.readline()
            assert said, "the script has ended"
        first.wait()
    with Serving(tmp_path / "server", address=first.address) as again:
        out, rest = script.communicate(timeout=HANG_LIMIT)
        assert script.returncode == 0, rest
        assert out == f"{sum(range(300)) + 1}\n"
        assert rest.count("accepts requests again") == 1
        assert "takes nothing" not in rest
        with closing(Caller(again.addresses)) as caller:
            runs = caller.flow_runs()
            assert [state_of(run) for run in runs] == ["COMPLETED", "COMPLETED"]
    end_all_of(home)


@pytest.fixture
def started(new_system: NewSystem) -> System:
    system = new_system()
    system.start_all()
    return system


@pytest.fixture
def asking(started: System) -> Iterator[Caller]:
    with closing(Caller(started.addresses)) as caller:
        yield caller


def test_a_child_needs_only_the_services_that_it_uses(
    started: System, asking: Caller, tmp_path: Path
) -> None:
    for step in ("go-0", "go-1"):
        (tmp_path / step).touch()
    deployed = asking.deploy("paced")
    started.kill("artifact")
    run = asking.run(deployed, folder=str(tmp_path), steps=2)
    appears(tmp_path / "step-1")
    # Only what the flow returned needs the artifact service, and waits for it.
    started.start("artifact")
    ended = asking.ended(run)
    assert state_of(ended) == "COMPLETED", asking.story(run)
    assert ended.attempt == 1


def test_a_child_that_starts_while_the_state_service_is_away_waits_for_it(
    started: System, asking: Caller, tmp_path: Path
) -> None:
    (tmp_path / "starting.py").write_text(STARTING)
    run = asking.run(asking.deploy("begins", file=tmp_path / "starting.py"))
    appears(tmp_path / "importing")
    started.kill("state")
    (tmp_path / "go").touch()
    started.start("state")
    ended = asking.ended(run)
    assert state_of(ended) == "COMPLETED", asking.story(run)
    assert ended.attempt == 1


def test_a_child_that_is_killed_before_its_run_begins_costs_no_attempt(
    started: System, asking: Caller, tmp_path: Path
) -> None:
    (tmp_path / "starting.py").write_text(STARTING)
    run = asking.run(asking.deploy("begins", file=tmp_path / "starting.py"))
    appears(tmp_path / "importing")
    os.kill(int((tmp_path / "importing").read_text()), signal.SIGKILL)
    (tmp_path / "go").touch()
    ended = asking.ended(run)
    assert state_of(ended) == "COMPLETED", asking.story(run)
    assert ended.attempt == 1
