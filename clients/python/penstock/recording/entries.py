"""What is recorded of a run, as light tuples; the loop's thread makes messages of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from penstock.results import Encoded
from penstock.states import StateType


class Step(NamedTuple):
    """What tells one task call of a flow run from all others, over attempts and processes."""

    task_key: str
    source_digest: bytes
    input_digest: bytes
    occurrence: int


class Called(NamedTuple):
    """A task was called. Times are nanoseconds since 1970."""

    task_run_id: str
    time: int
    name: str
    task_name: str
    step: Step
    parent_task_run_id: str
    upstream: Sequence[str]
    tags: Sequence[str]
    has_rollback_hook: bool
    running: bool


class Moved(NamedTuple):
    """A task run came into another state."""

    task_run_id: str
    time: int
    state_type: StateType
    name: str = ""
    message: str = ""
    attempt: int = 0
    retried: bool = False
    result: Encoded | None = None
    scheduled: int = 0
    rolled_back: bool = False


Entry = Called | Moved


class Line(NamedTuple):
    """One line of a run's log."""

    time: int
    level: int
    logger: str
    message: str
    task_run_id: str


def entry_bytes(entry: Entry) -> int:
    """About how long the entry is as a message."""
    if isinstance(entry, Called):
        return 250 + len(entry.name) + 40 * len(entry.upstream)
    return 100 + 4 * len(entry.message) + (len(entry.result.data) if entry.result else 0)


def line_bytes(line: Line) -> int:
    return 100 + 4 * len(line.message)
