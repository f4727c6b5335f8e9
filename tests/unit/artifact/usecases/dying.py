"""A process that is killed after the bytes are kept, and before their row is written."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from builders import no_limit
from penstockd.artifact.rules.content import Content
from penstockd.artifact.store.content import SqlContentCatalog
from penstockd.artifact.store.content_folder import FolderContentStore
from penstockd.artifact.usecases.content import Contents
from penstockd.database.blocking import BlockingPool
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from unit.artifact.builders import Hands, ref_of


class KilledBeforeTheRow(SqlContentCatalog):
    async def add(self, content: Content) -> NoReturn:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


async def commit_and_die(folder: Path, data: bytes) -> None:
    database = await open_database(
        f"sqlite:///{folder}/penstock.db", schemas=[schema_of("artifact")]
    )
    clock = Hands()
    store = FolderContentStore(folder / "content", BlockingPool(), clock)
    contents = Contents(store, KilledBeforeTheRow(database), clock, no_limit())
    await contents.upload("home", ref_of(data), offset=0, chunk=data)
    await contents.commit("home", ref_of(data))


if __name__ == "__main__":
    asyncio.run(commit_and_die(Path(sys.argv[1]), sys.argv[2].encode()))
