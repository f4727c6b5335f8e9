"""What a run becomes by what its function returned or raised."""

from __future__ import annotations

from typing import Any

from penstock.exceptions import CancelledRun
from penstock.ground.cancelling import CancelToken
from penstock.ground.texts import name_of, text_of
from penstock.states import Cancelled, Completed, Crashed, Failed, State, StateType


def by_value(value: Any) -> State[Any]:
    """Judge a returned value in which each future has been replaced by its final state.

    A state of the user's own making counts as it is; states of runs are summed up; everything
    else, also a mixture of states and data, is a result.

    Raises:
        TypeError: it is a state of the user's own making with which no run can end.
    """
    if isinstance(value, State):
        if not value.made_by_user:
            return _summed_up(value, [value])
        if not value.is_final():
            raise TypeError(
                f"a run cannot end as {value.name}: return Completed, Failed, Cancelled "
                "or Crashed"
            )
        return value
    if isinstance(value, list | tuple | set) and value:
        states = [each for each in value if isinstance(each, State)]
        if len(states) == len(value):
            return _summed_up(value, states)
    return Completed(data=value)


def _summed_up(value: Any, states: list[State[Any]]) -> State[Any]:
    total = len(states)
    kinds = [state.type for state in states]
    if all(kind is StateType.COMPLETED for kind in kinds):
        return Completed(message="All states completed.", data=value)
    cancelled = kinds.count(StateType.CANCELLED)
    if cancelled:
        return Cancelled(message=f"{cancelled}/{total} states cancelled.", data=value)
    failed = kinds.count(StateType.FAILED) + kinds.count(StateType.CRASHED)
    if failed:
        return Failed(message=f"{failed}/{total} states failed.", data=value)
    unfinished = sum(not state.is_final() for state in states)
    return Failed(message=f"{unfinished}/{total} states are not final.", data=value)


def by_exception(what: str, error: BaseException) -> State[Any]:
    """Judge an exception that left the function: `what` is "Flow" or "Task"."""
    shown = described(error)
    if isinstance(error, Exception):
        return Failed(message=f"{what} run encountered an exception: {shown}", data=error)
    return Crashed(message=f"{what} run was interrupted: {shown}", data=error)


def interrupted(what: str, error: BaseException, cancel: CancelToken | None) -> State[Any]:
    """Judge what left the function of a run that may have been told to stop."""
    if cancel is None or not cancel.cancelled or isinstance(error, _ENDS_OF_THE_PROGRAM):
        return by_exception(what, error)
    return stopped(cancel)


def stopped(cancel: CancelToken) -> State[Any]:
    """Return how a run ends that was told to stop; its caller gets an Exception."""
    return Cancelled(message=cancel.message, data=CancelledRun(cancel.message))


def timed_out(what: str, seconds: float, error: BaseException) -> State[Any]:
    message = f"{what} run exceeded timeout of {seconds:g} second(s)"
    return Failed(name="TimedOut", message=message, data=error)


def described(error: BaseException) -> str:
    text, name = text_of(error), name_of(type(error))
    return f"{name}: {text}" if text else name


_ENDS_OF_THE_PROGRAM = (KeyboardInterrupt, SystemExit)
