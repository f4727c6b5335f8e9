import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from penstockd.database.file_lock import let_go
from penstockd.database.liveness import SignOfLife, is_alive
from penstockd.database.owner import Owner, StoreOwned, claim_ownership, owner_of

ID = UUID(int=7)
ROOT = Path(__file__).parents[3]
LIVE = """
import sys, pathlib, uuid
from penstockd.database.liveness import SignOfLife
from penstockd.database.owner import claim_ownership
sign = SignOfLife(pathlib.Path(sys.argv[1]), uuid.UUID(int=7))
owner = claim_ownership(pathlib.Path(sys.argv[1]), 4711, "localhost:7470")
print("living", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def another(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, which owns the store and shows a sign of life."""
    path = os.pathsep.join([f"{ROOT}/services", f"{ROOT}/clients/python"])
    with subprocess.Popen(
        [sys.executable, "-c", LIVE, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "living\n"
        yield process
        process.kill()


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_who_was_never_there_is_not_alive(tmp_path: Path) -> None:
    assert not is_alive(tmp_path, ID)


def test_a_process_is_alive_until_it_closes_its_sign(tmp_path: Path) -> None:
    sign = SignOfLife(tmp_path, ID)
    assert is_alive(tmp_path, ID)
    sign.close()
    assert not is_alive(tmp_path, ID)


def test_a_killed_process_is_seen_dead_at_once_and_cleaned_up(
    tmp_path: Path, another: subprocess.Popen[str]
) -> None:
    assert is_alive(tmp_path, ID)
    kill(another)
    assert not is_alive(tmp_path, ID)
    assert list((tmp_path / "alive").iterdir()) == []


def test_who_comes_next_removes_the_files_of_the_dead(tmp_path: Path) -> None:
    living = SignOfLife(tmp_path, ID)
    for name in (str(UUID(int=8)), f".{UUID(int=9)}"):
        (tmp_path / "alive" / name).touch()
    (tmp_path / "alive" / "folder").mkdir()
    another = SignOfLife(tmp_path, UUID(int=10))
    left = {path.name for path in (tmp_path / "alive").iterdir()}
    assert left == {str(ID), str(UUID(int=10)), "folder"}
    living.close()
    another.close()


def test_a_forked_child_does_not_keep_its_parent_alive(tmp_path: Path) -> None:
    sign = SignOfLife(tmp_path, ID)
    (here, there), (stay, leave) = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        os.close(leave)
        os.write(there, b"forked")
        os.read(stay, 1)
        os._exit(0)
    os.read(here, 6)
    let_go(sign._descriptor)  # as its death would
    assert not is_alive(tmp_path, ID)
    for descriptor in (leave, here, there, stay):
        os.close(descriptor)
    os.waitpid(child, 0)


def test_a_store_without_a_server_has_no_owner(tmp_path: Path) -> None:
    assert owner_of(tmp_path) is None


def test_a_second_server_is_told_who_owns_the_store(
    tmp_path: Path, another: subprocess.Popen[str]
) -> None:
    assert owner_of(tmp_path) == Owner(pid=4711, address="localhost:7470")
    with pytest.raises(StoreOwned, match=r"process 4711 .* localhost:7470") as refused:
        claim_ownership(tmp_path, 1, "localhost:1")
    assert (refused.value.pid, refused.value.address) == (4711, "localhost:7470")


def test_a_dead_owner_owns_nothing(tmp_path: Path, another: subprocess.Popen[str]) -> None:
    kill(another)
    assert owner_of(tmp_path) is None
    ownership = claim_ownership(tmp_path, 1, "localhost:1")
    assert owner_of(tmp_path) == Owner(pid=1, address="localhost:1")
    ownership.close()
    assert owner_of(tmp_path) is None
