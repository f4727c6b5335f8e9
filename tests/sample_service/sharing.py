"""What another program does with a store that it shares with a test."""

import asyncio
import sys

from penstockd.database.open import open_database
from sample_service import SCHEMA
from sample_service.builders import a_thing, put


async def write_things(url: str, *, first: int, count: int) -> None:
    """One transaction after another."""
    database = await open_database(url, schemas=[SCHEMA])
    for number in range(first, first + count):
        await put(database, a_thing(number))
    await database.close()
    print(count)


async def write_when_told(url: str) -> None:
    """Write each thing whose number comes in, and say that it was committed."""
    database = await open_database(url, schemas=[SCHEMA])
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        await put(database, a_thing(int(line)))
        print("written", flush=True)
    await database.close()


async def write_until_killed(url: str) -> None:
    """Say of every thing that it was committed, once it was."""
    database = await open_database(url, schemas=[SCHEMA])

    async def write(first: int) -> None:
        for number in range(first, first + 100_000):
            await put(database, a_thing(number))
            print(number, flush=True)

    await asyncio.gather(*(write(lane * 1_000_000) for lane in range(4)))
