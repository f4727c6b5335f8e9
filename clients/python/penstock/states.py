"""What a run is doing or how it ended, as a user's program sees it.

A flow or task may return a state of its own making: `return Completed(name="Skipped")`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from penstock.exceptions import (
    CancelledRun,
    CrashedRun,
    FailedRun,
    MissingResult,
    UnfinishedRun,
)
from penstock.ground.texts import name_of, text_of

R_co = TypeVar("R_co", covariant=True)

__all__ = [
    "AwaitingRetry",
    "Cancelled",
    "Cancelling",
    "Completed",
    "Crashed",
    "Failed",
    "Paused",
    "Pending",
    "Retrying",
    "Running",
    "Scheduled",
    "State",
    "StateType",
]


class StateType(StrEnum):
    """The closed set of state types."""

    # An enum's own is a function in Python, and tables by type are asked at every task call.
    __hash__ = str.__hash__

    SCHEDULED = "SCHEDULED"
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    CRASHED = "CRASHED"
    PAUSED = "PAUSED"
    CANCELLING = "CANCELLING"


FINAL = frozenset(
    (StateType.COMPLETED, StateType.FAILED, StateType.CANCELLED, StateType.CRASHED)
)


def _now() -> datetime:
    return datetime.now(UTC)


class _Nothing:
    """Stands for data that is not there, since None is a value."""

    def __repr__(self) -> str:
        return "<no data>"

    def __reduce__(self) -> str:
        return "NOTHING"


NOTHING: Any = _Nothing()


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Generic[R_co]):
    """One state of a run.

    Attributes:
        type: one of the closed set.
        name: what people see; the type's own name unless something more is to be said.
        message: what there is to say about it.
        timestamp: when the run came into it, in UTC.
        data: what the run returned, or the exception that ended it.
        flow_run_id: the run that came into it; empty for a state that user code made.
        task_run_id: the task run that came into it.
        rolled_back: what the run's transaction had done was undone.
    """

    type: StateType
    name: str = ""
    message: str | None = None
    timestamp: datetime = field(default_factory=_now)
    data: Any = field(default=NOTHING, repr=False)
    flow_run_id: str = field(default="", repr=False)
    task_run_id: str = field(default="", repr=False)
    rolled_back: bool = False

    def __post_init__(self) -> None:
        if type(self.type) is not StateType:
            object.__setattr__(self, "type", StateType(self.type))
        if not self.name:
            object.__setattr__(self, "name", self.type.value.capitalize())
        elif type(self.name) is not str:
            object.__setattr__(self, "name", text_of(self.name))
        if self.message is not None and type(self.message) is not str:
            object.__setattr__(self, "message", text_of(self.message))
        if not isinstance(self.timestamp, datetime):
            raise TypeError(
                f"a state's timestamp must be a datetime, not a {name_of(type(self.timestamp))}"
            )

    def is_scheduled(self) -> bool:
        return self.type is StateType.SCHEDULED

    def is_pending(self) -> bool:
        return self.type is StateType.PENDING

    def is_running(self) -> bool:
        return self.type is StateType.RUNNING

    def is_completed(self) -> bool:
        return self.type is StateType.COMPLETED

    def is_failed(self) -> bool:
        return self.type is StateType.FAILED

    def is_crashed(self) -> bool:
        return self.type is StateType.CRASHED

    def is_cancelled(self) -> bool:
        return self.type is StateType.CANCELLED

    def is_cancelling(self) -> bool:
        return self.type is StateType.CANCELLING

    def is_paused(self) -> bool:
        return self.type is StateType.PAUSED

    def is_final(self) -> bool:
        return self.type in FINAL

    def result(self, raise_on_failure: bool = True) -> R_co:
        """Return what the run returned, or raise what ended it.

        Args:
            raise_on_failure: when false, the exception is returned instead of raised.

        Raises:
            UnfinishedRun: the run has not ended.
            MissingResult: it completed, but its value is not in this process.
            FailedRun, CrashedRun, CancelledRun: it ended so, without an exception of its own.
        """
        if self.type is StateType.COMPLETED:
            if self.data is NOTHING:
                raise MissingResult(f"the result of the run in {self!r} was not stored")
            return self.data  # type: ignore[no-any-return]
        if self.type not in FINAL:
            raise UnfinishedRun(f"the run is {self.name} and has no result yet")
        error = self.exception()
        if raise_on_failure:
            raise error
        return error  # type: ignore[return-value]

    def exception(self) -> BaseException:
        """Return what ended the run badly."""
        if isinstance(self.data, BaseException):
            return self.data
        if isinstance(self.data, State) and self.data.is_final():
            return self.data.exception()
        if isinstance(self.data, list | tuple | set):
            for state in self.data:
                if isinstance(state, State) and not state.is_completed() and state.is_final():
                    return state.exception()
        return _WITHOUT_EXCEPTION.get(self.type, FailedRun)(self.message or self.name)

    def of_run(self, *, flow_run_id: str = "", task_run_id: str = "") -> State[R_co]:
        """Return this state as that of a run."""
        return replace(self, flow_run_id=flow_run_id, task_run_id=task_run_id)

    @property
    def made_by_user(self) -> bool:
        return not (self.flow_run_id or self.task_run_id)

    def __str__(self) -> str:
        kind = self.type.value.capitalize()
        shown = self.name if self.name == kind else f"{self.name}, type {kind}"
        return f"{shown}({self.message or ''!r})"


_WITHOUT_EXCEPTION: dict[StateType, type[FailedRun | CrashedRun | CancelledRun]] = {
    StateType.FAILED: FailedRun,
    StateType.CRASHED: CrashedRun,
    StateType.CANCELLED: CancelledRun,
}


def Scheduled(**options: Any) -> State[Any]:  # noqa: N802 - Prefect's names, like classes
    """Waits for its time."""
    return State(type=StateType.SCHEDULED, **options)


def AwaitingRetry(**options: Any) -> State[Any]:  # noqa: N802
    """Waits for its next attempt."""
    return State(type=StateType.SCHEDULED, **{"name": "AwaitingRetry"} | options)


def Pending(**options: Any) -> State[Any]:  # noqa: N802
    """Has not begun."""
    return State(type=StateType.PENDING, **options)


def Running(**options: Any) -> State[Any]:  # noqa: N802
    """User code is executing."""
    return State(type=StateType.RUNNING, **options)


def Retrying(**options: Any) -> State[Any]:  # noqa: N802
    """User code is executing again after a failure."""
    return State(type=StateType.RUNNING, **{"name": "Retrying"} | options)


def Completed(**options: Any) -> State[Any]:  # noqa: N802
    """Ended well."""
    return State(type=StateType.COMPLETED, **{"data": None} | options)


def Failed(**options: Any) -> State[Any]:  # noqa: N802
    """User code ended badly."""
    return State(type=StateType.FAILED, **options)


def Cancelled(**options: Any) -> State[Any]:  # noqa: N802
    """Ended because somebody asked."""
    return State(type=StateType.CANCELLED, **options)


def Cancelling(**options: Any) -> State[Any]:  # noqa: N802
    """Is being stopped."""
    return State(type=StateType.CANCELLING, **options)


def Crashed(**options: Any) -> State[Any]:  # noqa: N802
    """The process under it was lost."""
    return State(type=StateType.CRASHED, **options)


def Paused(**options: Any) -> State[Any]:  # noqa: N802
    """Waits for a person."""
    return State(type=StateType.PAUSED, **options)
