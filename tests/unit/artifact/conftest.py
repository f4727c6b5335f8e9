"""The real stores under use cases, in a folder of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from penstockd.artifact.store.content import SqlContentCatalog
from penstockd.artifact.store.content_folder import FolderContentStore
from penstockd.artifact.store.ports.content import ContentCatalog, ContentStore
from penstockd.database import Database
from penstockd.database.blocking import BlockingPool
from penstockd.database.executors import Inline
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from unit.artifact.builders import Hands


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path}/penstock.db"
    database = await open_database(url, schemas=[schema_of("artifact")])
    yield database
    await database.close()


@pytest.fixture
def store(tmp_path: Path, clock: Hands) -> ContentStore:
    return FolderContentStore(tmp_path / "content", BlockingPool(Inline()), clock)


@pytest.fixture
def catalog(database: Database) -> ContentCatalog:
    return SqlContentCatalog(database)
