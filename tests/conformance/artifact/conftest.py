"""Fillings of the artifact service's ports; a new one is added here and passes every test."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from penstockd.artifact.rules.content import ContentKey
from penstockd.artifact.store.content_folder import FolderContentStore
from penstockd.artifact.store.content_paths import kept_path
from penstockd.artifact.store.ports.content import ContentStore
from penstockd.database import Database
from penstockd.database.blocking import BlockingPool
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from unit.artifact.builders import Hands


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRig:
    """A content store, how to open it once more, its clock, and a bad disk."""

    store: ContentStore
    again: Callable[[], ContentStore]
    clock: Hands
    damage: Callable[[ContentKey, bytes], None]
    lose: Callable[[ContentKey], None]


@pytest.fixture(params=["folder"])
def content(tmp_path: Path) -> Iterator[ContentRig]:
    clock, root, files = Hands(), tmp_path / "store" / "content", BlockingPool()

    def open_store() -> ContentStore:
        return FolderContentStore(root, files, clock)

    def path_of(key: ContentKey) -> Path:
        (path,) = root.glob(f"*/{kept_path(Path(), key.sha256)}")
        return path

    def damage(key: ContentKey, data: bytes) -> None:
        path = path_of(key)
        path.chmod(0o600)
        path.write_bytes(data)

    def lose(key: ContentKey) -> None:
        shutil.rmtree(path_of(key).parent)

    yield ContentRig(
        store=open_store(), again=open_store, clock=clock, damage=damage, lose=lose
    )
    asyncio.run(files.close())


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of either make."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/store/penstock.db"


@pytest_asyncio.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = await open_database(url, schemas=[schema_of("artifact")])
    yield database
    await database.close()
