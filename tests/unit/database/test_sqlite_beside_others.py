"""Several programs share one SQLite store: nobody is refused, everybody sees the others."""

import asyncio
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from hanging import HANG_LIMIT
from penstockd.database import Database, Statement
from penstockd.database.open import open_database
from penstockd.database.sqlite import LOOK_ELSEWHERE
from sample_service import SCHEMA
from sample_service.builders import a_thing, load, put
from sample_service.store import statement_texts as texts

pytestmark = pytest.mark.asyncio
ROOT = Path(__file__).parents[3]
PREAMBLE = """
import asyncio
from sample_service.sharing import write_things, write_until_killed, write_when_told
asyncio.run({call})
"""


INTEGRITY = Statement(
    name="integrity",
    sqlite="PRAGMA integrity_check",
    postgresql="SELECT 1",
    columns=(("integrity_check", "text"),),
)


def another(call: str) -> "subprocess.Popen[str]":
    path = os.pathsep.join(f"{ROOT}/{it}" for it in ("services", "clients/python", "tests"))
    return subprocess.Popen(
        [sys.executable, "-c", PREAMBLE.format(call=call)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    )


async def test_two_programs_write_at_once_and_none_is_refused(url: str) -> None:
    programs = [
        another(f"write_things({url!r}, first={first}, count=300)") for first in (0, 300)
    ]
    for program in programs:
        output, errors = await asyncio.to_thread(program.communicate)
        assert (output, errors) == ("300\n", "")
    database = await open_database(url, schemas=[SCHEMA])
    assert await database.read(lambda sql: sql.one(texts.COUNT)) == {"count": 600}
    await database.close()


async def test_what_another_program_wrote_is_noticed_by_looking_four_times_a_second(
    url: str, database: Database
) -> None:
    program = another(f"write_when_told({url!r})")
    assert program.stdin is not None
    assert program.stdout is not None
    assert await asyncio.to_thread(program.stdout.readline) == "ready\n"
    assert timedelta(seconds=0.25) > LOOK_ELSEWHERE
    for number in range(3):
        commit = database.commits.listen()
        while await database.commits.wait(commit, timedelta(milliseconds=400)):
            commit = database.commits.listen()  # until what was before is old news
        program.stdin.write(f"{number}\n")
        program.stdin.flush()
        assert await asyncio.to_thread(program.stdout.readline) == "written\n"
        assert await database.commits.wait(commit, timedelta(seconds=HANG_LIMIT))
        assert await load(database, number) == a_thing(number)
    await asyncio.to_thread(program.communicate)


async def test_a_killed_program_loses_nothing_that_it_was_told_is_committed(
    url: str, database: Database
) -> None:
    program = another(f"write_until_killed({url!r})")
    assert program.stdout is not None
    said = [await asyncio.to_thread(program.stdout.readline) for _ in range(50)]
    program.kill()
    rest, _ = await asyncio.to_thread(program.communicate)
    told = [int(line) for line in [*said, *rest.splitlines(keepends=True)] if line[-1:] == "\n"]
    for number in told:
        assert await load(database, number) is not None
    await put(database, a_thing(99_000_000))
    whole = await database.read(lambda sql: sql.one(INTEGRITY))
    assert whole == {"integrity_check": "ok"}


async def test_many_callers_of_one_program_are_never_refused(database: Database) -> None:
    await asyncio.gather(*(put(database, a_thing(number)) for number in range(1000)))
    assert await database.read(lambda sql: sql.one(texts.COUNT)) == {"count": 1000}


async def test_the_log_of_the_store_does_not_grow_for_ever(
    url: str, database: Database
) -> None:
    log = f"{url.removeprefix('sqlite:///')}-wal"
    for turn in range(60):
        await put(database, *(a_thing(turn * 60 + at, picture=bytes(2000)) for at in range(60)))
    assert os.stat(log).st_size < 7_000_000  # noqa: PTH116
