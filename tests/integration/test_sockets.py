"""The socket of a store: what serves there is reached by programs of the same user alone."""

import json
import stat
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from hanging import HANG_LIMIT
from integration.caller import Caller, state_of
from integration.embedded import penstock, program
from integration.serving import Serving
from integration.system import processes_of


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # A socket's path may not be long.
    return tmp_path_factory.mktemp("s") / "store"


def socket_in(store: Path) -> str:
    return f"unix:{store}/penstock.sock"


def ports_of(store: Path) -> set[int]:
    """Return every port on which anything of the store listens."""
    found: set[int] = set()
    for process in processes_of(store):
        # The child of a run may end meanwhile.
        with suppress(psutil.NoSuchProcess):
            opened = process.net_connections("inet")
            found |= {each.laddr.port for each in opened if each.status == psutil.CONN_LISTEN}
    return found


@pytest.mark.parametrize("arguments", [[], ["--separate"]])
def test_without_a_port_all_goes_through_sockets(store: Path, arguments: Sequence[str]) -> None:
    with (
        Serving(store, *arguments, address=socket_in(store)) as serving,
        closing(Caller(serving.addresses)) as caller,
    ):
        run = caller.run(caller.deploy("travelling"))
        assert state_of(caller.ended(run)) == "COMPLETED", caller.story(run)
        assert ports_of(store) == set()
        sockets = list(store.glob("*.sock"))
        assert len(sockets) == (5 if arguments else 1)
        assert {stat.S_IMODE(each.stat().st_mode) for each in sockets} == {0o600}
        assert "open to     programs of this user only" in serving.log()
    assert list(store.glob("*.sock")) == []


def test_a_program_on_the_same_store_attaches_to_the_socket(store: Path) -> None:
    with (
        Serving(store, address=socket_in(store)) as serving,
        closing(Caller(serving.addresses)) as caller,
    ):
        running = program(store, "travelling")
        said, complained = running.communicate(timeout=HANG_LIMIT)
        assert running.returncode == 0, said + complained
        [run] = caller.flow_runs()
        assert state_of(run) == "COMPLETED"


def test_a_program_on_another_store_is_given_the_socket(store: Path, tmp_path: Path) -> None:
    with Serving(store) as serving:
        answer = penstock(
            tmp_path / "other", "pool", "ls", "-o", "json", PENSTOCK_ADDRESS=socket_in(store)
        )
        assert answer.returncode == 0, answer.stderr
        assert [each["name"] for each in json.loads(answer.stdout)] == ["local-pool"]
        assert ports_of(store) >= {int(serving.address.rpartition(":")[2])}


def test_a_socket_of_a_server_that_was_killed_is_replaced(store: Path) -> None:
    with Serving(store, address=socket_in(store)) as killed:
        psutil.Process(killed.pid).kill()
        killed.wait()
        assert Path(store, "penstock.sock").is_socket()
        with Serving(store, address=socket_in(store)) as heir:
            assert heir.pid != killed.pid


def test_the_banner_and_the_doctor_say_who_reaches_a_port(store: Path) -> None:
    with Serving(store) as serving:
        assert "open to     every user and program on this machine" in serving.log()
        rows = json.loads(penstock(store, "doctor", "-o", "json").stdout)
    [access] = [row for row in rows if row["what"] == "access"]
    assert (access["verdict"], serving.address in access["found"]) == ("note", True)
    assert "--socket-only" in access["advice"]


def test_the_doctor_has_nothing_to_say_of_a_socket(store: Path) -> None:
    with Serving(store, address=socket_in(store)):
        rows = json.loads(penstock(store, "doctor", "-o", "json").stdout)
    assert [row for row in rows if row["what"] == "access"] == []
    assert {row["verdict"] for row in rows if row["what"] == "services"} == {"ok"}
