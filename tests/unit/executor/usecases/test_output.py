"""What a process wrote goes to the state service in batches that its messages hold."""

import asyncio
from datetime import timedelta

import pytest

from builders import HandClock
from penstock.errors import SequenceGap, Unavailable
from penstockd.executor.rules.log_line import LogBatch
from penstockd.executor.usecases.output import (
    LARGEST_BATCH,
    MOST_LINES,
    MOST_REFUSALS,
    Output,
    OutputLimits,
)

pytestmark = pytest.mark.asyncio


async def no_rest(_failures: int) -> None:
    raise AssertionError("nothing fails here")


async def at_once(_failures: int) -> None:
    return


class Keeper:
    """Keeps lines as state does: none after a gap. It may forget what it has acknowledged."""

    def __init__(self) -> None:
        self.kept: list[tuple[int, str]] = []
        self.ended = 0

    async def append(self, batch: LogBatch) -> int:
        for line in batch.lines:
            if line.offset > len(self.kept) + 1:
                expected = str(len(self.kept) + 1)
                raise SequenceGap(f"offset {expected} comes next", expected=expected)
            if line.offset == len(self.kept) + 1:
                self.kept.append((line.offset, line.message))
        self.ended += batch.last
        return len(self.kept)


async def test_a_batch_is_measured_in_bytes_and_not_in_characters() -> None:
    output = Output(HandClock(), OutputLimits())
    for _ in range(80):
        output.note("\N{SLICE OF PIZZA}" * 16_000)
    output.close()
    sizes: list[int] = []

    async def append(batch: LogBatch) -> int:
        sizes.append(sum(len(line.message.encode()) for line in batch.lines))
        return batch.lines[-1].offset

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

    async def append(batch: LogBatch) -> int:
        told.extend(line.message for line in batch.lines)
        return batch.lines[-1].offset

    await output.send(append, no_rest)
    kept, note = told
    assert kept == "kept"
    assert note.startswith("truncated 1000000 bytes")


async def test_the_end_is_told_once_even_if_nothing_was_written() -> None:
    output, keeper = Output(HandClock(), OutputLimits()), Keeper()
    output.close()
    await output.send(keeper.append, no_rest)
    assert (keeper.kept, keeper.ended) == ([], 1)


async def test_the_end_comes_with_the_last_lines() -> None:
    output, keeper = Output(HandClock(), OutputLimits()), Keeper()
    for number in range(2 * MOST_LINES + 1):
        output.note(str(number))
    output.close()
    await output.send(keeper.append, no_rest)
    assert [message for _, message in keeper.kept] == [
        str(number) for number in range(2 * MOST_LINES + 1)
    ]
    assert keeper.ended == 1


async def test_a_note_aside_waits_for_another_line() -> None:
    output, keeper = Output(HandClock(), OutputLimits(gather=timedelta(0))), Keeper()
    sending = asyncio.create_task(output.send(keeper.append, at_once))
    output.note_aside("aside")
    for _ in range(10):
        await asyncio.sleep(0)
    assert keeper.kept == []
    output.note("first")
    output.close()
    await sending
    assert keeper.kept == [(1, "aside"), (2, "first")]


async def test_a_note_aside_comes_with_the_end_at_last() -> None:
    output, keeper = Output(HandClock(), OutputLimits()), Keeper()
    output.note_aside("aside")
    output.close()
    await output.send(keeper.append, no_rest)
    assert (keeper.kept, keeper.ended) == ([(1, "aside")], 1)


async def test_after_a_gap_what_is_left_takes_the_places_that_come_next() -> None:
    output, keeper = Output(HandClock(), OutputLimits(gather=timedelta(0))), Keeper()
    sending = asyncio.create_task(output.send(keeper.append, at_once))
    for number in range(3):
        output.note(f"early {number}")
    while len(keeper.kept) < 3:  # noqa: ASYNC110 - what is kept sets no event
        await asyncio.sleep(0)
    del keeper.kept[1:]
    output.note("late")
    output.close()
    await sending
    assert keeper.kept == [(1, "early 0"), (2, "late")]
    assert keeper.ended == 1


async def test_a_gap_that_stays_one_does_not_keep_the_slot() -> None:
    output, asked = Output(HandClock(), OutputLimits()), 0
    output.note("lost")
    output.close()

    async def append(_batch: LogBatch) -> int:
        nonlocal asked
        asked += 1
        raise SequenceGap("never", expected="7")

    await output.send(append, at_once)
    assert asked == MOST_REFUSALS


async def test_an_end_that_cannot_be_told_is_told_again() -> None:
    output, keeper = Output(HandClock(), OutputLimits()), Keeper()
    output.note("said")
    output.close()
    answers = [Unavailable("not now"), None]

    async def append(batch: LogBatch) -> int:
        if (refusal := answers.pop(0)) is not None:
            raise refusal
        return await keeper.append(batch)

    await output.send(append, at_once)
    assert (keeper.kept, keeper.ended) == ([(1, "said")], 1)
