"""What a child writes, on its way from its streams to the state service."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from penstock.errors import Code, PenstockError, SequenceGap
from penstockd.executor.rules.log_line import (
    LineCutter,
    LogBatch,
    LogLine,
    shortened,
    truncation_note,
)
from penstockd.executor.runtimes import ByteStream

logger = logging.getLogger(__name__)

CHUNK = 64 * 1024
MOST_LINES = 1_000
LARGEST_BATCH = 1024 * 1024
# Python's logging.INFO and WARNING: what a program complains of, it writes to its stderr.
LEVELS = {"stdout": 20, "stderr": 30}
LOGGER = "penstock.executor"
DEBUG = 10

# Permanent errors: a retry cannot succeed.
FINAL = frozenset({Code.FAILED_PRECONDITION, Code.NOT_FOUND, Code.INVALID_ARGUMENT})

# A bug that these lines meet may be mended by a restart, but not by asking for ever: a slot
# is taken until its lines are gone.
MOST_REFUSALS = 10

Append = Callable[[LogBatch], Awaitable[int]]
Rest = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputLimits:
    """How much is held in memory, and how much one run's log may hold altogether."""

    held: int = 4 * 1024 * 1024
    kept: int = 100 * 1024 * 1024
    gather: timedelta = timedelta(milliseconds=100)


class Output:
    """A bounded buffer of lines, with backpressure, until the state service has them."""

    def __init__(self, clock: Callable[[], datetime], limits: OutputLimits) -> None:
        self.captured_size = 0
        self._clock = clock
        self._limits = limits
        self._lines: deque[LogLine] = deque()
        self._held = 0
        self._kept = 0
        self._offset = 0
        self._truncated = 0
        self._closed = False
        self._aside: tuple[str, datetime] | None = None
        self._abandoned = False
        self._unbounded = False
        self._changed = asyncio.Event()

    async def capture(self, name: str, stream: ByteStream) -> None:
        """Read a stream to its end; a full buffer blocks the child."""
        cutter = LineCutter()
        try:
            while data := await stream.read(CHUNK):
                self.captured_size += len(data)
                if self._kept < self._limits.kept and not self._abandoned:
                    self._add(name, cutter.feed(data))
                    await self._room()
                else:
                    # Lines that are dropped must not take the time of other runs.
                    self._truncated += cutter.drop() + len(data)
        finally:
            self._add(name, cutter.flush())

    def note(self, message: str, *, level: int = 30) -> None:
        """Add a line of the executor's own, which no budget holds back."""
        self._put(LOGGER, level, message, at=self._clock())
        self._tell()

    def note_aside(self, message: str) -> None:
        """Add a line for who looks closely; it waits for another, or for the end."""
        self._aside = shortened(message), self._clock()

    def hurry(self) -> None:
        """The child has ended: what its streams still hold is little, and is taken at once."""
        self._unbounded = True
        self._tell()

    def close(self) -> None:
        """There will be no more."""
        if self._truncated:
            self.note(truncation_note(self._truncated))
        self._put_aside()
        self._closed = True
        self._tell()

    async def send(self, append: Append, rest: Rest) -> None:
        """Send lines in batches until the output is closed and all of it is acknowledged.

        Its end is told with the last of them, or after them.
        """
        failures = refusals = 0
        ended = False
        while not ended:
            batch = await self._batch()
            try:
                self._forget(await append(batch))
            except PenstockError as error:
                failures += 1
                refusals += _weight(error)
                if refusals >= MOST_REFUSALS:
                    self._abandon(error)
                    return
                if isinstance(error, SequenceGap):
                    self._go_on_from(int(error.metadata["expected"]))
                logger.warning("logs.delayed", extra={"why": str(error), "failures": failures})
                await rest(failures)
            else:
                failures = refusals = 0
                ended = batch.last and not self._lines

    def _add(self, name: str, texts: Sequence[str]) -> None:
        now = self._clock()
        for text in texts:
            if self._kept < self._limits.kept:
                self._kept += self._put(name, LEVELS[name], text, at=now)
            else:
                self._truncated += len(text) + 1
        if texts:
            self._tell()

    def _put(self, name: str, level: int, text: str, *, at: datetime) -> int:
        if self._abandoned:
            return 0
        self._put_aside()
        self._offset += 1
        line = LogLine(offset=self._offset, time=at, level=level, logger=name, message=text)
        self._lines.append(line)
        self._held += line.size
        return line.size

    def _put_aside(self) -> None:
        if self._aside is not None:
            (message, at), self._aside = self._aside, None
            self._put(LOGGER, DEBUG, message, at=at)

    async def _room(self) -> None:
        while self._held > self._limits.held and not self._unbounded:
            await self._change()

    async def _batch(self) -> LogBatch:
        """Wait for lines, then linger for more of them, or for the end."""
        while not self._lines and not self._closed:
            await self._change()
        loop = asyncio.get_running_loop()
        until = loop.time() + self._limits.gather.total_seconds()
        while not self._unbounded and not self._closed and not self._is_full():
            try:
                async with asyncio.timeout_at(until):
                    await self._change()
            except TimeoutError:
                break
        oldest = self._oldest()
        return LogBatch(lines=oldest, last=self._closed and len(oldest) == len(self._lines))

    def _is_full(self) -> bool:
        return len(self._lines) >= MOST_LINES or self._held >= LARGEST_BATCH

    def _oldest(self) -> list[LogLine]:
        batch: list[LogLine] = []
        size = 0
        for line in self._lines:
            size += line.size
            if batch and (size > LARGEST_BATCH or len(batch) == MOST_LINES):
                break
            batch.append(line)
        return batch

    def _forget(self, acknowledged: int) -> None:
        while self._lines and self._lines[0].offset <= acknowledged:
            self._held -= self._lines.popleft().size
        self._tell()

    def _go_on_from(self, expected: int) -> None:
        """State has lost acknowledged lines: those that are left here are renumbered."""
        self._forget(expected - 1)
        if self._lines:
            shift = expected - self._lines[0].offset
            self._offset += shift
            self._lines = deque(
                replace(line, offset=line.offset + shift) for line in self._lines
            )

    def _abandon(self, error: PenstockError) -> None:
        logger.warning("logs.abandoned", extra={"why": str(error), "lines": len(self._lines)})
        self._abandoned = True
        self._lines.clear()
        self._held = 0
        self._tell()

    async def _change(self) -> None:
        await self._changed.wait()

    def _tell(self) -> None:
        """Wake all current waiters; later ones wait for the next change."""
        self._changed.set()
        self._changed = asyncio.Event()


def _weight(error: PenstockError) -> int:
    """Return how many refusals in a row an error stands for."""
    if isinstance(error, SequenceGap) or error.code is Code.INTERNAL:
        return 1
    return MOST_REFUSALS if error.code in FINAL else 0
