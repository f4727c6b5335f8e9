"""What is recorded of an attempt that ended badly."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from penstock.engine.contexts import TaskRunContext
from penstock.failures.failure import Failure, failure_of
from penstock.failures.previews import inputs_of
from penstock.parameters import Parameters
from penstock.states import State, StateType

BAD_ENDS = frozenset((StateType.FAILED, StateType.CRASHED))
# What comes after an attempt that ended badly, at last or before another one.
AFTER_BAD_ATTEMPTS = BAD_ENDS | {StateType.SCHEDULED}


def flow_run_failure(state: State[Any]) -> Failure | None:
    """Return what ended an attempt of a flow run; nothing if it did not end badly."""
    return failure_of(state.exception()) if state.type in BAD_ENDS else None


def task_run_failure(context: TaskRunContext, state: State[Any]) -> Failure:
    """Return what ended an attempt of a task run, and what it was given."""
    fn = context.task.fn
    inputs = inputs_of(fn, context.args, context.kwargs)
    return failure_of(state.exception(), inputs, _secret_names(fn))


def _secret_names(fn: Callable[..., Any]) -> Collection[str]:
    try:
        return Parameters(fn).secret_names()
    except (TypeError, ValueError):
        # Some functions that are not written in Python have no signature.
        return ()
