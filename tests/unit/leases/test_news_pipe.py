"""What is written to a process that does not read yet arrives, in order, without a wait."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from hanging import HANG_LIMIT
from penstock.leases.news_pipe import NewsPipe

pytestmark = pytest.mark.asyncio

MORE_THAN_A_PIPE_HOLDS = [b"%d" % number * 1_000 + b"\n" for number in range(200)]


@pytest.fixture
def reader() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    os.close(ends[0])


async def test_what_has_no_room_follows_when_it_is_read(reader: tuple[int, int]) -> None:
    pipe = NewsPipe(os.fdopen(reader[1], "wb", buffering=0), asyncio.get_running_loop())
    for line in MORE_THAN_A_PIPE_HOLDS:
        pipe.write(line)
    wanted, got = b"".join(MORE_THAN_A_PIPE_HOLDS), b""
    async with asyncio.timeout(HANG_LIMIT):
        while len(got) < len(wanted):
            got += await asyncio.to_thread(os.read, reader[0], 65_536)
    pipe.close()
    assert got == wanted
    assert os.read(reader[0], 1) == b""


async def test_it_may_be_closed_with_something_left(reader: tuple[int, int]) -> None:
    pipe = NewsPipe(os.fdopen(reader[1], "wb", buffering=0), asyncio.get_running_loop())
    for line in MORE_THAN_A_PIPE_HOLDS:
        pipe.write(line)
    pipe.close()
    while os.read(reader[0], 65_536):
        pass


async def test_a_reader_that_is_gone_hinders_nobody() -> None:
    read, write = os.pipe()
    os.close(read)
    pipe = NewsPipe(os.fdopen(write, "wb", buffering=0), asyncio.get_running_loop())
    pipe.write(b"one")
    pipe.write(b"two")
    pipe.close()
