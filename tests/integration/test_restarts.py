"""A service that is killed and comes back costs a running run nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures_systems import NewSystem
from integration.caller import Caller, state_of
from integration.system import System
from integration.waiting import appears


@pytest.fixture
def started(new_system: NewSystem) -> System:
    system = new_system()
    system.start_all()
    return system


@pytest.fixture
def asking(started: System) -> Iterator[Caller]:
    caller = Caller(started.addresses)
    yield caller
    caller.close()


@pytest.mark.parametrize("service", ["state", "scheduler", "artifact"])
def test_a_run_goes_on_to_its_end_over_the_death_of_a_service(
    started: System, asking: Caller, tmp_path: Path, service: str
) -> None:
    run = asking.run(asking.deploy("paced"), folder=str(tmp_path), steps=3)
    appears(tmp_path / "step-0")
    started.kill(service)
    (tmp_path / "go-0").touch()
    appears(tmp_path / "step-1")
    started.start(service)
    for step in ("go-1", "go-2"):
        (tmp_path / step).touch()
    ended = asking.ended(run)
    assert state_of(ended) == "COMPLETED", asking.story(run)
    # One attempt, by one owner.
    assert ended.attempt == 1
    assert {each.fence for each in asking.transitions(run)} == {0, 1}
    again = asking.run(asking.deploy("travelling"))
    assert state_of(asking.ended(again)) == "COMPLETED"
