"""What a process wrote goes to the state service in batches that its messages hold."""

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
