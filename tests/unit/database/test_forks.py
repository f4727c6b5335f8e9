"""What a forked child inherits of a store that its parent has open: nothing."""

import os
import threading
from contextlib import suppress

import pytest

from penstockd.database import Database
from penstockd.database.forks import Forks
from sample_service.builders import a_thing, load, put


class Opened:
    """Stands for a connection."""

    is_open = True

    def let_go(self) -> None:
        self.is_open = False


def closed(opened: Opened) -> bool:
    return not opened.is_open


def files_open_in_a_child() -> list[str]:
    here, there = os.pipe()
    child = os.fork()
    if not child:
        os.write(there, "\n".join(_open_files()).encode())
        os._exit(0)
    os.close(there)
    said = os.read(here, 65_536).decode().splitlines()
    os.close(here)
    os.waitpid(child, 0)
    return said


def _open_files() -> list[str]:
    found = []
    for number in range(256):
        with suppress(OSError):
            found.append(os.readlink(f"/proc/self/fd/{number}"))  # noqa: PTH115
    return found


@pytest.mark.asyncio
async def test_a_child_has_no_file_of_the_store_open(database: Database) -> None:
    await put(database, a_thing(1))
    assert await load(database, 1) == a_thing(1)
    assert any("penstock.db" in name for name in _open_files())
    assert not [name for name in files_open_in_a_child() if "penstock.db" in name]
    await put(database, a_thing(2))
    assert await load(database, 2) == a_thing(2)


def test_a_fork_waits_for_who_is_inside_and_nobody_comes_in_meanwhile() -> None:
    forks, opened = Forks(), Opened()
    inside = threading.Event()
    forks.add(opened)
    forks.enter()
    forking = threading.Thread(target=forks.before)
    forking.start()
    forking.join(0.05)
    assert opened.is_open
    forks.leave()
    forking.join()
    assert closed(opened)

    def enter() -> None:
        forks.enter()
        inside.set()

    entering = threading.Thread(target=enter)
    entering.start()
    assert not inside.wait(0.05)
    forks.in_parent()
    assert inside.wait(60)


def test_a_child_may_use_a_store_afresh() -> None:
    forks = Forks()
    forks.add(Opened())
    forks.before()
    forks.in_child()
    assert not forks.unfit
    with forks.none():
        pass


def test_a_child_of_who_did_not_come_to_rest_may_use_none() -> None:
    forks, opened = Forks(calm_seconds=0.01), Opened()
    forks.add(opened)
    forks.enter()
    forks.before()
    assert opened.is_open
    forks.in_child()
    assert forks.unfit
    assert opened.is_open


def test_a_parent_that_did_not_come_to_rest_goes_on() -> None:
    forks, opened = Forks(calm_seconds=0.01), Opened()
    forks.add(opened)
    forks.enter()
    forks.before()
    forks.in_parent()
    forks.leave()
    assert not forks.unfit
    with forks.none():
        assert opened.is_open
