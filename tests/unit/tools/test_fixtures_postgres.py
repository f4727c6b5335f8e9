"""The PostgreSQL that tests get is real, and each test has its own database."""

import asyncpg
import pytest

pytestmark = pytest.mark.asyncio


async def _table_count(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE TABLE mark (id int)")
        return int(
            await connection.fetchval("SELECT count(*) FROM pg_tables WHERE tablename = 'mark'")
        )
    finally:
        await connection.close()


@pytest.mark.parametrize("_nth", [1, 2])
async def test_every_test_gets_a_database_without_the_tables_of_another(
    postgres_url: str, _nth: int
) -> None:
    assert await _table_count(postgres_url) == 1
