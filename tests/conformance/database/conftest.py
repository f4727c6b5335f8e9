from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from penstockd.database import Database
from penstockd.database.open import open_database
from sample_service import SCHEMA


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of either make."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/store/penstock.db"


@pytest_asyncio.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = await open_database(url, schemas=[SCHEMA])
    yield database
    await database.close()


@pytest_asyncio.fixture
async def postgres(postgres_url: str) -> AsyncIterator[Database]:
    database = await open_database(postgres_url, schemas=[SCHEMA])
    yield database
    await database.close()
