from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from penstockd.scheduler.store.sql_store import SqlStore
from unit.scheduler.builders import NOON


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    database = await open_database(
        f"sqlite:///{tmp_path}/scheduler.db", schemas=[schema_of("scheduler")], shared=False
    )
    yield SqlStore(database, clock=lambda: NOON)
    await database.close()
