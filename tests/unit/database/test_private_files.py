"""What lies in a store is nobody else's to read, whatever the umask of the program."""

import os
import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio

from penstockd.database import Database
from penstockd.database.liveness import SignOfLife
from penstockd.database.open import open_database
from penstockd.database.owner import claim_ownership
from penstockd.database.private_files import private_file, private_folder
from sample_service import SCHEMA


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Path]:
    """A folder in which everything is open that a database and its programs make."""
    folder = tmp_path / "new" / "store"
    database: Database = await open_database(
        f"sqlite:///{folder}/penstock.db", schemas=[SCHEMA]
    )
    ownership, sign = claim_ownership(folder, os.getpid(), ""), SignOfLife(folder, uuid4())
    yield folder
    sign.close()
    ownership.close()
    await database.close()


def modes_below(folder: Path) -> dict[Path, int]:
    return {each: mode_of(each) for each in (folder, *folder.rglob("*"))}


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.asyncio
async def test_all_that_a_store_consists_of_is_private(store: Path) -> None:
    modes = modes_below(store.parent)
    assert {each.name for each in modes} > {"penstock.db", "penstock.db-wal", "owner"}
    assert {str(each): oct(mode) for each, mode in modes.items() if mode & 0o077} == {}


def test_a_folder_that_is_too_open_is_tightened(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir(0o755)
    private_folder(folder)
    assert mode_of(folder) == 0o700


def test_a_file_that_is_too_open_is_tightened(tmp_path: Path) -> None:
    file = tmp_path / "penstock.db"
    file.touch(0o644)
    private_file(file)
    assert mode_of(file) == 0o600


def test_what_is_in_a_file_stays_there(tmp_path: Path) -> None:
    file = tmp_path / "penstock.db"
    file.write_text("rows")
    private_file(file)
    assert file.read_text() == "rows"


def test_a_folder_for_everybody_stays_one(tmp_path: Path) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    folder.chmod(0o1777)
    private_folder(folder)
    assert mode_of(folder) == 0o777 | 0o1000


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("")
    with pytest.raises(NotADirectoryError, match="Not a directory"):
        private_folder(tmp_path / "store" / "content")
