from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from penstockd.database import Database
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from unit.executor.peers import MemoryLogs
from unit.executor.supervising import KINDS, Bench


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    schemas = [schema_of("executor")]
    database = await open_database(f"sqlite:///{tmp_path}/executor.db", schemas=schemas)
    yield database
    await database.close()


@pytest.fixture
def logs() -> MemoryLogs:
    return MemoryLogs()


@pytest.fixture(params=sorted(KINDS))
def bench(request: pytest.FixtureRequest, database: Database, logs: MemoryLogs) -> Bench:
    return Bench(database, logs, KINDS[request.param])


@pytest.fixture
def processes(database: Database, logs: MemoryLogs) -> Bench:
    return Bench(database, logs, KINDS["process"])
