"""A process that brings the same bytes again and again, when it is told to begin."""

import asyncio
import sys
from pathlib import Path

from builders import no_limit
from penstock.errors import UploadIncomplete
from penstockd.artifact.rules.content import CHUNK_SIZE
from penstockd.artifact.store.content import SqlContentCatalog
from penstockd.artifact.store.content_folder import FolderContentStore
from penstockd.artifact.usecases.content import Contents
from penstockd.database.blocking import BlockingPool
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from unit.artifact.builders import Hands, ref_of

ROUNDS = 20


def data_of(turn: int) -> bytes:
    return turn.to_bytes(4) * (CHUNK_SIZE // 2)


async def bring(contents: Contents, data: bytes) -> None:
    """As any client does: go on from where the store says."""
    received = 0
    while True:
        try:
            while received < len(data):
                chunk = data[received : received + CHUNK_SIZE]
                received = await contents.upload(
                    "home", ref_of(data), offset=received, chunk=chunk
                )
            await contents.commit("home", ref_of(data))
        except UploadIncomplete as error:
            received = int(error.metadata["received_size"])
        else:
            return


async def main(folder: Path) -> None:
    database = await open_database(
        f"sqlite:///{folder}/penstock.db", schemas=[schema_of("artifact")]
    )
    clock = Hands()
    store = FolderContentStore(folder / "content", BlockingPool(), clock)
    contents = Contents(store, SqlContentCatalog(database), clock, no_limit())
    sys.stdin.readline()
    for turn in range(ROUNDS):
        await bring(contents, data_of(turn))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
