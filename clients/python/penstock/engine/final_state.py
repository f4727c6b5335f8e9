"""What a run becomes by what its function returned or raised."""

from __future__ import annotations

from typing import Any

from penstock.states import Cancelled, Completed, Crashed, Failed, Paused, State, StateType


def by_value(value: Any) -> State[Any]:
    """Judge a returned value in which each future has been replaced by its final state.

    A state of the user's own making counts as it is; states of runs are summed up; everything
    else, also a mixture of states and data, is a result.
    """
    if isinstance(value, State):
        return value if value.made_by_user else _summed_up(value, [value])
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
    if StateType.PAUSED in kinds:
        paused = kinds.count(StateType.PAUSED)
        return Paused(message=f"{paused}/{total} states paused.", data=value)
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


def timed_out(what: str, seconds: float, error: BaseException) -> State[Any]:
    message = f"{what} run exceeded timeout of {seconds:g} second(s)"
    return Failed(name="TimedOut", message=message, data=error)


def described(error: BaseException) -> str:
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
