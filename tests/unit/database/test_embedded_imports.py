"""The embedded way loads nothing heavy: its statements are constant text."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
EMBEDDED = """
import asyncio, json, sys
sys.modules["sample_service.store.tables"] = None  # Core stays at home
from penstockd.database.change_feed import Change, Interest, Outbox
from penstockd.database.liveness import SignOfLife
from penstockd.database.open import open_database
from penstockd.database.owner import owner_of
from penstockd.database.request_log import Intent, RequestLog
from sample_service import SCHEMA
from sample_service.store import statement_texts as texts

async def main():
    database = await open_database(f"sqlite:///{sys.argv[1]}/a.db", schemas=[SCHEMA])
    await database.write(lambda sql: sql.one(texts.COUNT))
    await database.read(lambda sql: Outbox("sample").after(sql, "", Interest()))
    await database.close()

asyncio.run(main())
heavy = {"sqlalchemy", "asyncpg", "alembic", "greenlet", "grpc", "google.protobuf", "pydantic"}
print(json.dumps(sorted(heavy & set(sys.modules))))
"""


def test_a_store_is_opened_and_used_without_sqlalchemy_asyncpg_or_alembic(
    tmp_path: Path,
) -> None:
    path = os.pathsep.join(f"{ROOT}/{it}" for it in ("services", "clients/python", "tests"))
    done = subprocess.run(
        [sys.executable, "-c", EMBEDDED, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    )
    assert json.loads(done.stdout) == []
