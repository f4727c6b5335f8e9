"""Lines are read in the order of their times, and none is held for long."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from hanging import HANG_LIMIT
from penstock.api.state.v1.log_pb2 import LogLine
from penstock.client.log_order import MOST_HELD, TimeOrder, with_pauses

NOON = 1_700_000_000


def at(*seconds: float) -> list[LogLine]:
    return [
        LogLine(
            message=str(each),
            time=Timestamp(seconds=NOON + int(each), nanos=int(each % 1 * 1_000_000_000)),
        )
        for each in seconds
    ]


def told(lines: list[LogLine]) -> list[str]:
    return [line.message for line in lines]


def test_a_line_is_held_until_no_earlier_one_may_come() -> None:
    order = TimeOrder(window=2)
    assert told(order.add(at(1, 2, 3.5))) == ["1"]
    assert told(order.add(at(1.5))) == ["1.5"]
    assert told(order.add(at(3, 6))) == ["2", "3", "3.5"]
    assert told(order.rest()) == ["6"]
    assert order.rest() == []


def test_lines_of_one_time_stay_as_they_arrived() -> None:
    order = TimeOrder(window=2)
    lines = [LogLine(message=str(number)) for number in range(20)]
    assert order.add(lines) == []
    assert order.rest() == lines


@pytest.mark.parametrize("jump", [3600, -3600])
def test_a_clock_that_is_set_moves_no_line_that_follows(jump: int) -> None:
    order = TimeOrder(window=2)
    seen = told(order.add(at(4000))) + told(order.add(at(*range(4000 + jump, 4010 + jump))))
    seen += told(order.rest())
    after = [str(second) for second in range(4000 + jump, 4010 + jump)]
    assert [it for it in seen if it in after] == after
    assert len(seen) == len(after) + 1


def test_no_more_than_so_many_lines_are_held() -> None:
    order = TimeOrder(window=2)
    lines = [LogLine(message=str(number)) for number in range(MOST_HELD + 3)]
    assert order.add(lines) == lines[:3]
    assert order.rest() == lines[3:]


def test_each_pause_is_told_once() -> None:
    async def hear() -> list[int | None]:
        quiet = asyncio.Event()

        async def stream() -> AsyncIterator[int]:
            for number in range(2):
                yield number
                await quiet.wait()
                quiet.clear()

        heard: list[int | None] = []
        async with asyncio.timeout(HANG_LIMIT):
            async for each in with_pauses(stream(), 0.01):
                heard.append(each)
                if each is None:
                    quiet.set()
        return heard

    assert asyncio.run(hear()) == [0, None, 1, None]


def test_who_stops_listening_ends_the_stream() -> None:
    ended: list[bool] = []

    async def stream() -> AsyncIterator[int]:
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    async def hear() -> None:
        heard = with_pauses(stream(), 0.01)
        assert await anext(heard) == 1
        assert await anext(heard) is None
        await heard.aclose()  # type: ignore[attr-defined]
        assert ended == [True]

    asyncio.run(hear())
