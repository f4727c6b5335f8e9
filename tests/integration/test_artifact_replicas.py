"""Replicas of the artifact service share one folder, or the second one is refused."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from fixtures_systems import NewSystem
from integration.caller import Caller, state_of
from integration.serving import refused
from integration.system import System, unused_addresses


def settings(system: System, **more: str) -> Mapping[str, str]:
    there = {key: value for key, value in system.environment.items() if "PENSTOCK_" in key}
    del there["PENSTOCK_HOME"]
    return {**there, **more}


def test_a_second_replica_with_a_folder_of_its_own_is_refused(
    new_system: NewSystem, tmp_path: Path
) -> None:
    system = new_system()
    system.start("state", "artifact")
    where = ("--listen", unused_addresses(1)[0])
    code, said = refused(tmp_path / "other", "artifact", *where, **settings(system))
    assert code == 78
    told = said.splitlines()[-1]
    assert str(system.folder / "content") in told
    assert str(tmp_path / "other" / "content") in told


def test_a_second_replica_on_the_same_folder_serves(new_system: NewSystem) -> None:
    system = new_system()
    system.start_all()
    first = system.processes.pop("artifact")
    system.addresses["artifact"], before = unused_addresses(1)[0], system.addresses["artifact"]
    system.start("artifact")
    with closing(Caller({**system.addresses, "artifact": before})) as caller:
        run = caller.run(caller.deploy("travelling"))
        assert state_of(caller.ended(run)) == "COMPLETED", caller.story(run)
    first.terminate()
    first.wait(60)


def test_a_folder_that_stands_in_for_one_that_is_lost_is_said_to(
    new_system: NewSystem,
) -> None:
    system = new_system()
    system.start("state", "artifact")
    assert system.terminate("artifact") == 0
    (system.folder / "content").rename(system.folder / "lost")
    system.environment["PENSTOCK_ARTIFACT_REPLACE_CONTENT_FOLDER"] = "true"
    system.start("artifact")
    assert system.terminate("artifact") == 0
    del system.environment["PENSTOCK_ARTIFACT_REPLACE_CONTENT_FOLDER"]
    system.start("artifact")
