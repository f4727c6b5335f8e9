"""What the log of a run says of the run itself: each event once, about a subject."""

from __future__ import annotations

import logging
import re
import threading
from time import monotonic
from typing import Any

from penstock.engine.contexts import FlowRunContext, TaskRunContext, flow_run_var, going_on
from penstock.failures.stacks import stack_of
from penstock.ground.lasting_loggers import lasting_logger
from penstock.states import State

LONGEST_STACK = 16_384

_PREFIX = re.compile("(Flow|Task) run encountered an exception: ")

# Of what the states of runs say as well: who shows the states leaves it out.
RUN_EVENTS = "penstock.run_events"

_event_logger = lasting_logger(RUN_EVENTS)
_flow_logger = lasting_logger("penstock.flow_runs")
_task_logger = lasting_logger("penstock.task_runs")


def flow_begins(run: FlowRunContext) -> None:
    _event_logger.info("Run of %s begins", run.flow.name, extra=_about_flow(run))


def flow_ended(run: FlowRunContext, state: State[Any]) -> None:
    """Say how it ended, with how much it did; its error too, unless a task has told that."""
    level = logging.INFO if state.is_completed() else logging.ERROR
    seconds = monotonic() - run.began
    about = _about_flow(run) | _error(state)
    tasks, stack = run.tally.said(), _stack(run, state)
    # Nothing else shows a stack.
    logger = _flow_logger if stack else _event_logger
    why = f"{_said(state)}{stack}"
    logger.log(level, "%s (%s, %.1f s)%s", state.name, tasks, seconds, why, extra=about)


def task_failed(context: TaskRunContext, state: State[Any]) -> None:
    """Say why, with the frames of the user's code."""
    about = {"task_run_name": context.name} | _error(state)
    _task_logger.error("%s%s", state.name, _why(context.run, state), extra=about)


def task_retried(context: TaskRunContext, state: State[Any]) -> None:
    """Say why and what comes next, with the frames of the user's code."""
    _task_logger.warning(
        "Failed: %s; retry %d of %d in %g s%s",
        _message(state),
        context.attempt,
        context.task.options.retries,
        context.wait,
        _stack(context.run, state),
        extra={"task_run_name": context.name},
    )


def called_outside(task_name: str) -> None:
    """Say, once of each task in a flow run, that a thread calls it which knows of no run.

    Threads and pools of the user's do not inherit the context in which runs are known.
    """
    runs, thread = list(going_on), threading.current_thread()
    if not runs or thread is threading.main_thread():
        return
    call = object()
    if runs[0].unrecorded.setdefault(task_name, call) is not call:
        return
    # Of several, nobody can tell which one started the thread: then people alone hear of it.
    alone = len({run.flow_run.root_flow_run_id or run.flow_run.id for run in runs}) == 1
    token = flow_run_var.set(runs[0] if alone else None)
    try:
        _flow_logger.warning(
            "%s is not recorded: thread %s knows of no flow run. Call %s.submit() in the "
            "flow, or give the thread contextvars.copy_context().run to call it with",
            task_name,
            thread.name,
            task_name,
        )
    finally:
        flow_run_var.reset(token)


def _about_flow(run: FlowRunContext) -> dict[str, Any]:
    return {"flow_run_name": run.flow_run.name}


def _error(state: State[Any]) -> dict[str, Any]:
    return {"penstock_error": state.data} if isinstance(state.data, BaseException) else {}


def _why(run: FlowRunContext | None, state: State[Any]) -> str:
    return f"{_said(state)}{_stack(run, state)}"


def _stack(run: FlowRunContext | None, state: State[Any]) -> str:
    """Return the frames below a line, the first time that the run's log has this error."""
    error = state.data
    if not isinstance(error, BaseException):
        return ""
    if run is not None:
        if any(error is told for told in run.told_errors):
            return ""
        run.told_errors.append(error)
    stack = stack_of(error, LONGEST_STACK)
    return f"\n{stack.rstrip()}" if stack else ""


def _said(state: State[Any]) -> str:
    return f": {_message(state)}" if state.message else ""


def _message(state: State[Any]) -> str:
    """Return the message without what a line with a subject and a state has said already."""
    return _PREFIX.sub("", state.message or "")
