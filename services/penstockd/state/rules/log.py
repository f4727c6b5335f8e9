"""The lines that runs write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """`offset` counts the lines of a source; `attempt` is that of the flow run."""

    offset: int
    time: datetime
    level: int
    logger: str
    message: str
    task_run_id: UUID | None = None
    attempt: int = 0


def unknown_lines(lines: Sequence[LogLine], acknowledged: int) -> list[LogLine]:
    """Return the lines that are not kept yet, each once, by offset."""
    by_offset = {line.offset: line for line in lines if line.offset > acknowledged}
    return [by_offset[offset] for offset in sorted(by_offset)]
