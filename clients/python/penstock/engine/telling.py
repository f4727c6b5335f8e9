"""What the log of a run says of the run itself: each event once, about a subject."""

from __future__ import annotations

import logging
import re
from time import monotonic
from typing import Any

from penstock.engine.contexts import FlowRunContext, TaskRunContext
from penstock.failures.stacks import stack_of
from penstock.ground.lasting_loggers import lasting_logger
from penstock.states import State

LONGEST_STACK = 16_384

_PREFIX = re.compile("(Flow|Task) run encountered an exception: ")

_flow_logger = lasting_logger("penstock.flow_runs")
_task_logger = lasting_logger("penstock.task_runs")


def flow_begins(run: FlowRunContext) -> None:
    _flow_logger.info("Flow %s begins", run.flow.name, extra=_about_flow(run))


def flow_ended(run: FlowRunContext, state: State[Any]) -> None:
    """Say how it ended, with how much it did; its error too, unless a task has told that."""
    level = logging.INFO if state.is_completed() else logging.ERROR
    seconds = monotonic() - run.began
    about = _about_flow(run) | _error(state)
    tasks, why = run.tally.said(), _why(run, state)
    _flow_logger.log(level, "%s (%s, %.1f s)%s", state.name, tasks, seconds, why, extra=about)


def task_failed(context: TaskRunContext, state: State[Any]) -> None:
    """Say why, with the frames of the user's code."""
    run = context.run
    why = _with_stack(state) if run is None else _why(run, state)
    about = {"task_run_name": context.name} | _error(state)
    _task_logger.error("%s%s", state.name, why, extra=about)


def task_retried(context: TaskRunContext, state: State[Any]) -> None:
    _task_logger.warning(
        "Failed: %s; retry %d of %d in %g s",
        _message(state),
        context.attempt,
        context.task.options.retries,
        context.wait,
        extra={"task_run_name": context.name},
    )


def _about_flow(run: FlowRunContext) -> dict[str, Any]:
    return {"flow_run_name": run.flow_run.name}


def _error(state: State[Any]) -> dict[str, Any]:
    return {"penstock_error": state.data} if isinstance(state.data, BaseException) else {}


def _why(run: FlowRunContext, state: State[Any]) -> str:
    """Return the message, and the stack the first time that the run's log has this error."""
    error = state.data
    if isinstance(error, BaseException):
        if any(error is told for told in run.told_errors):
            return _said(state)
        run.told_errors.append(error)
    return _with_stack(state)


def _with_stack(state: State[Any]) -> str:
    stack = stack_of(state.data, LONGEST_STACK) if isinstance(state.data, BaseException) else ""
    return f"{_said(state)}\n{stack.rstrip()}" if stack else _said(state)


def _said(state: State[Any]) -> str:
    return f": {_message(state)}" if state.message else ""


def _message(state: State[Any]) -> str:
    """Return the message without what a line with a subject and a state has said already."""
    return _PREFIX.sub("", state.message or "")
