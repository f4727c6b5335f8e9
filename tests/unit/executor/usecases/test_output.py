"""What a process wrote goes to the state service in batches that its messages hold."""

import asyncio
from collections.abc import Sequence

import pytest

from builders import HandClock
from penstockd.executor.rules.log_line import LogLine
from penstockd.executor.usecases.output import LARGEST_BATCH, Output, OutputLimits

pytestmark = pytest.mark.asyncio


async def no_rest(_failures: int) -> None:
    raise AssertionError("nothing fails here")


async def test_a_batch_is_measured_in_bytes_and_not_in_characters() -> None:
    output = Output(HandClock(), OutputLimits())
    for _ in range(80):
        output.note("\N{SLICE OF PIZZA}" * 16_000)
    output.close()
    sizes: list[int] = []

    async def append(lines: Sequence[LogLine]) -> int:
        sizes.append(sum(len(line.message.encode()) for line in lines))
        return lines[-1].offset

    await output.send(append, no_rest)
    assert sum(sizes) == 80 * 64_000
    assert max(sizes) <= LARGEST_BATCH


async def test_beyond_its_budget_output_is_counted_and_not_cut_into_lines() -> None:
    output = Output(HandClock(), OutputLimits(kept=1))
    stream = asyncio.StreamReader()
    stream.feed_data(b"kept\n" + b"x" * 999_999 + b"\n")
    stream.feed_eof()
    await output.capture("stdout", stream)
    output.close()
    told: list[str] = []

    async def append(lines: Sequence[LogLine]) -> int:
        told.extend(line.message for line in lines)
        return lines[-1].offset

    await output.send(append, no_rest)
    kept, note = told
    assert kept == "kept"
    assert note.startswith("truncated 1000000 bytes")
