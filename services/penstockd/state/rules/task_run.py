"""What a flow run's journal makes of its task runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from penstockd.state.rules.state import TASK_RUN_NEXT, TERMINAL, AttemptCause, S, State

ROLLED_BACK = "RolledBack"
_SEQUENCE_BITS = 32
# A member of an enum is looked up ten times slower, and each entry of a journal asks for some.
_RUNNING, _COMPLETED, _FIRST = S.RUNNING, S.COMPLETED, AttemptCause.FIRST


class Called(NamedTuple):
    """A task was called. As a tuple it is made three times faster, a thousand to a batch.

    `upstream` and `inputs` are messages that nobody reads here.
    """

    task_run_id: UUID
    name: str
    task_name: str
    task_key: str
    source_digest: bytes
    input_digest: bytes
    occurrence: int
    parent_task_run_id: UUID | None
    upstream: bytes
    tags: Sequence[str]
    has_rollback_hook: bool
    inputs: bytes
    state: State


class Moved(NamedTuple):
    """A task run came into another state.

    `result` and `failure` are messages that nobody reads here.
    """

    task_run_id: UUID
    state: State
    attempt: int
    attempt_cause: AttemptCause | None
    result: bytes
    failure: bytes


Entry = Called | Moved


class Progress(NamedTuple):
    """What moves of a task run. `failure` is what ended its last attempt badly."""

    state: State
    attempt: int
    attempt_cause: AttemptCause | None
    revision: int
    result: bytes
    failure: bytes
    start_time: datetime | None
    end_time: datetime | None


class Begun(NamedTuple):
    """A task run's call, with its position among the calls of the flow run."""

    called: Called
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRun:
    namespace: str
    flow_run_id: UUID
    epoch: int
    position: int
    called: Called
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A task run that the store has already, of this flow run or of another."""

    flow_run_id: UUID
    progress: Progress


@dataclass(slots=True, kw_only=True)
class Folded:
    """What a batch leaves: task runs that it begins, and all whose progress it changes.

    `opened` is by how many more of them have not ended than before it.
    """

    begun: list[Begun] = field(default_factory=list)
    progress: dict[UUID, Progress] = field(default_factory=dict)
    opened: int = 0


class Illegal(NamedTuple):
    """The first entry that may not be, and why."""

    at: int
    why: str
    taken: bool = False


def position_of(fence: int, sequence: int) -> int:
    """Return one number that orders the entries of all leases of a flow run."""
    return fence << _SEQUENCE_BITS | sequence


def fence_and_sequence(position: int) -> tuple[int, int]:
    return divmod(position, 1 << _SEQUENCE_BITS)


def fold(
    entries: Iterable[Entry],
    known: Mapping[UUID, Known],
    *,
    flow_run_id: UUID,
    first_position: int,
) -> Folded | Illegal:
    """Apply entries in order. All of them are legal, or none is applied."""
    folded = Folded()
    progress = folded.progress
    for index, entry in enumerate(entries):
        task_run_id = entry[0]
        before = progress.get(task_run_id)
        if before is None and (stored := known.get(task_run_id)) is not None:
            if stored.flow_run_id != flow_run_id:
                return Illegal(index, f"{task_run_id} belongs to another flow run", taken=True)
            before = stored.progress
        if isinstance(entry, Called):
            if before is not None:
                return Illegal(index, f"{task_run_id} was called before")
            folded.begun.append(Begun(entry, first_position + index))
            progress[task_run_id] = began(entry)
            continue
        if before is None:
            return Illegal(index, f"{task_run_id} was never called")
        after = judge(before, entry)
        if isinstance(after, str):
            return Illegal(index, after)
        progress[task_run_id] = after
    open_before = sum(known[it].progress.end_time is None for it in progress if it in known)
    folded.opened = sum(it.end_time is None for it in progress.values()) - open_before
    return folded


def began(called: Called) -> Progress:
    """Return the progress of a task run that was just called."""
    running = called.state.type is _RUNNING
    return Progress(
        state=called.state,
        attempt=1 if running else 0,
        attempt_cause=_FIRST if running else None,
        revision=1,
        result=b"",
        failure=b"",
        start_time=called.state.time if running else None,
        end_time=None,
    )


def judge(before: Progress, moved: Moved) -> Progress | str:
    """Return the progress after a move, or why it may not be."""
    after, to = moved.state, moved.state.type
    if to not in TASK_RUN_NEXT[before.state.type] and not _undoes(before.state, after):
        return f"{moved.task_run_id} cannot go from {before.state.type} to {to}"
    running, completed = to is _RUNNING, to is _COMPLETED
    if moved.failure if completed else moved.result:
        return (
            f"{moved.task_run_id} goes to {to}: only COMPLETED has a result, and "
            "COMPLETED has no failure"
        )
    attempt, cause = before.attempt, before.attempt_cause
    if running:
        attempt, cause = moved.attempt or attempt + 1, moved.attempt_cause or _cause(before)
        if attempt <= before.attempt:
            return f"{moved.task_run_id} is past attempt {attempt}"
    return Progress(
        state=after,
        attempt=attempt,
        attempt_cause=cause,
        revision=before.revision + 1,
        result=moved.result or before.result,
        failure=b"" if running or completed else moved.failure or before.failure,
        start_time=before.start_time or (after.time if running else None),
        end_time=after.time if to in TERMINAL else None,
    )


def _undoes(before: State, after: State) -> bool:
    """A transaction undid a task that had completed."""
    if before.type is not S.COMPLETED or after.type is not S.COMPLETED:
        return False
    return after.name == ROLLED_BACK != before.name


def _cause(before: Progress) -> AttemptCause:
    return AttemptCause.RETRY if before.attempt else AttemptCause.FIRST
