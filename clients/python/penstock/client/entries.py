"""What is recorded of a run, as light tuples; the loop's thread makes messages of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from penstock.failures.failure import Failure
from penstock.payloads.values import EncodedPayload
from penstock.states import StateType


class Step(NamedTuple):
    """What tells one task call of a flow run from all others, over attempts and processes."""

    task_key: str
    source_digest: bytes
    input_digest: bytes
    occurrence: int


# Of a call that belongs to no flow run.
NO_STEP = Step("", b"", b"", 0)


class EdgeKind(StrEnum):
    """What an edge of the run graph carries."""

    DATA = "DATA"
    WAIT = "WAIT"
    SUBFLOW = "SUBFLOW"


class Edge(NamedTuple):
    """A run that a task run was given or waits for; one of the two ids is set."""

    kind: EdgeKind
    task_run_id: str = ""
    flow_run_id: str = ""
    parameter: str = ""


class Called(NamedTuple):
    """A task was called. Times are nanoseconds since 1970."""

    task_run_id: str
    time: int
    name: str
    task_name: str
    step: Step
    parent_task_run_id: str
    upstream: Sequence[Edge]
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
    result: EncodedPayload | None = None
    failure: Failure | None = None
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


# Stands behind the last line of a log, and is none itself.
END_OF_LOG = Line(0, 0, "", "", "")


# What is not text: ids, times, numbers, and the bytes that say how long each field is.
_FRAME, _EDGE_FRAME, _CAUSE_FRAME = 250, 80, 20
# A character takes at most so many bytes in a message.
_WIDEST = 4


def entry_bytes(entry: Entry) -> int:
    """At least how long the entry is as a message."""
    if isinstance(entry, Called):
        texts = len(entry.name) + len(entry.task_name) + len(entry.step.task_key)
        texts += sum(2 + len(tag) for tag in entry.tags)
        texts += sum(len(edge.parameter) for edge in entry.upstream)
        return _FRAME + _EDGE_FRAME * len(entry.upstream) + _WIDEST * texts
    size = _FRAME + _WIDEST * (len(entry.name) + len(entry.message))
    if entry.result is not None:
        size += entry.result.size
    return size if entry.failure is None else size + failure_bytes(entry.failure)


def failure_bytes(failure: Failure) -> int:
    texts = [failure.error_type, failure.message, failure.stack, failure.language]
    for cause in failure.causes:
        texts += (cause.error_type, cause.message, cause.stack)
    for each in failure.inputs.items():
        texts += each
    data = failure.data.size if failure.data is not None else 0
    return _FRAME + _CAUSE_FRAME * len(texts) + _WIDEST * sum(map(len, texts)) + data


def line_bytes(line: Line) -> int:
    return _FRAME + _WIDEST * (len(line.logger) + len(line.message))
