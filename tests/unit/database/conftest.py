from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from penstockd.database import Database
from penstockd.database.open import open_database
from sample_service import SCHEMA


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store/penstock.db"


@pytest_asyncio.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = await open_database(url, schemas=[SCHEMA])
    yield database
    await database.close()
