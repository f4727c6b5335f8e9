from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from penstockd.database import Database
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from penstockd.state.store import Store
from penstockd.state.store.sql_store import SqlStore


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path}/penstock.db"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    database = await open_database(url, schemas=[schema_of("state")])
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> Store:
    return SqlStore(database, progress=timedelta(0))
