"""A store that is taken away while a program uses it acknowledges nothing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.errors import StorageUnavailable, StoreLost
from penstockd.database import Database, held_connection
from penstockd.database.forks import Forks
from penstockd.database.open import open_database
from sample_service import SCHEMA
from sample_service.builders import a_thing, load, put

pytestmark = pytest.mark.asyncio


def fork() -> None:
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)


def replace(store: Path) -> None:
    copy = store.with_name("copy")
    copy.write_bytes(store.read_bytes())
    copy.rename(store)


def remove_lock(store: Path) -> None:
    store.with_name(f"{store.name}.lock").unlink()


def remove_log(store: Path) -> None:
    store.with_name(f"{store.name}-wal").unlink()


def move_folder(store: Path) -> None:
    store.parent.rename(store.parent.with_name("elsewhere"))


@pytest.mark.parametrize("take", [Path.unlink, replace, remove_log, remove_lock, move_folder])
async def test_what_goes_to_a_store_that_was_taken_away_is_not_told_as_written(
    database: Database, tmp_path: Path, take: Callable[[Path], object]
) -> None:
    await put(database, a_thing(1))
    take(tmp_path / "store/penstock.db")
    for number in (2, 3):
        with pytest.raises(StoreLost, match="nothing is recorded any more"):
            await put(database, a_thing(number))


@pytest.fixture
def own_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is never closed any more is kept here, and not by the process of all tests."""
    monkeypatch.setattr(held_connection, "forks", Forks())


@pytest.mark.usefixtures("own_forks")
async def test_nothing_is_read_through_what_user_code_has_closed(database: Database) -> None:
    await put(database, a_thing(1))
    assert await load(database, 1) == a_thing(1)
    lock = database._lock._lock  # type: ignore[attr-defined]
    os.close(lock)
    with open(os.devnull) as other:  # noqa: PTH123, ASYNC230 - it takes the number
        assert other.fileno() == lock
        with pytest.raises(StoreLost, match="has closed files of Penstock"):
            await load(database, 1)


async def test_a_store_that_was_taken_away_before_a_fork_is_not_made_anew(
    database: Database, tmp_path: Path
) -> None:
    await put(database, a_thing(1))
    (tmp_path / "store/penstock.db").unlink()
    fork()
    with pytest.raises(StoreLost):
        await put(database, a_thing(2))
    assert not (tmp_path / "store/penstock.db").exists()


async def test_many_forks_later_it_is_the_same_store(database: Database) -> None:
    for number in range(5):
        fork()
        await put(database, a_thing(number))


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
async def test_what_is_no_file_is_no_store(
    url: str, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    (tmp_path / "store").mkdir()
    make(tmp_path / "store/penstock.db")
    with pytest.raises(StorageUnavailable, match="this is not a file: move it away"):
        await open_database(url, schemas=[SCHEMA])


async def test_what_is_no_database_is_told_when_it_is_opened(url: str, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store/penstock.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StorageUnavailable, match="not a SQLite database"):
        await open_database(url, schemas=[])
