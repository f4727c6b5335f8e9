from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from contract.scheduler.site import Site, a_site
from penstockd.database import Database
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of

PLACES = [("local", "sqlite"), ("socket", "sqlite"), ("local", "postgresql")]


@pytest.fixture(params=PLACES, ids="-".join)
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    transport, dialect = request.param
    return transport, dialect


@pytest_asyncio.fixture
async def database(
    request: pytest.FixtureRequest, place: tuple[str, str], tmp_path: Path
) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path}/penstock.db"
    if place[1] == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    schemas = [schema_of("state"), schema_of("scheduler")]
    database = await open_database(url, schemas=schemas, shared=False)
    yield database
    await database.close()


@pytest_asyncio.fixture
async def site(place: tuple[str, str], database: Database) -> AsyncIterator[Site]:
    async with a_site(database, place[0]) as site:
        yield site
