"""One attempt of a task run, and how long it is until the next one, if one follows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import random
from typing import Any

from penstock import telemetry
from penstock.engine.calls import arguments
from penstock.engine.calls.handles import with_final_states
from penstock.engine.contexts import TaskRunContext
from penstock.engine.drives import Drive
from penstock.engine.final_state import by_exception, by_value, timed_out
from penstock.engine.results import refuse_unawaited
from penstock.exceptions import TaskRunTimeoutError
from penstock.failures.retry_advice import advice_of
from penstock.ground.lasting_loggers import lasting_logger
from penstock.process.timeouts import CallTimedOut
from penstock.spans import Span
from penstock.states import NOTHING, State

# What the function returned, and the final state if it is more than plain success.
Ended = tuple[Any, State[Any] | None]

_logger = lasting_logger("penstock.task_runs")
_PLAIN = frozenset((type(None), bool, int, float, complex, str, bytes))


def attempt_span(context: TaskRunContext) -> Span:
    """Return the span of the attempt that begins now."""
    attributes: dict[str, str | int] = {
        "penstock.task_run_id": context.id,
        "penstock.task_name": context.task.name,
        "penstock.attempt": context.attempt,
    }
    return telemetry.span("task_run", attributes=attributes)


async def tried(context: TaskRunContext, drive: Drive) -> Ended:
    """Call the function, and judge what it returned or raised."""
    call, task = context.call, context.call.task
    try:
        value = await drive.call(task.fn, call.args, call.kwargs, task.options.timeout_seconds)
    except CallTimedOut:
        seconds = task.options.timeout_seconds or 0
        message = f"{context.name} exceeded its timeout of {seconds:g} second(s)"
        return None, timed_out("Task", seconds, TaskRunTimeoutError(message))
    except Exception as error:  # noqa: BLE001 - user code raises anything, and it is kept
        return None, by_exception("Task", error)
    if type(value) in _PLAIN:
        return value, None
    return await _judged(context, value, drive)


async def _judged(context: TaskRunContext, value: Any, drive: Drive) -> Ended:
    try:
        refuse_unawaited(context.task.name, value)
        handles = arguments.handles_in(value)
        if not handles:
            return value, None
        state = by_value(await with_final_states(value, handles, drive))
    except TypeError as error:
        return None, by_exception("Task", error)
    return (state.data if state.data is not NOTHING else None), state


def delay_before_next(context: TaskRunContext, state: State[Any]) -> float | None:
    """Return how long to wait for the next attempt, in seconds; None if there is none."""
    task, retry = context.task, context.attempt - 1
    if retry >= task.options.retries:
        return None
    advice = advice_of(state.exception())
    if advice.do_not_retry or not _wanted(context, state):
        return None
    if advice.retry_after is not None:
        return advice.retry_after.total_seconds()
    return jittered(delay_before(retry, task.options.delays), task.options.retry_jitter_factor)


def _wanted(context: TaskRunContext, state: State[Any]) -> bool:
    """Ask the task's author; a condition that raises wants no retry."""
    condition = context.task.options.retry_condition_fn
    if condition is None:
        return True
    try:
        return bool(condition(context.task, context, state))
    except Exception:
        _logger.exception(
            "%s: retry_condition_fn raised an exception, so the task is not retried",
            context.name,
        )
        return False


def delay_before(retry: int, delays: Sequence[float]) -> float:
    """Return how long to wait before a retry, counted from 0."""
    return delays[min(retry, len(delays) - 1)] if delays else 0.0


def jittered(delay: float, factor: float | None, chance: Callable[[], float] = random) -> float:
    """Return a wait of about `delay`, drawn exponentially, at most `delay * (1 + factor)`."""
    if not factor or not delay:
        return delay
    upper = delay * (1 + factor)
    # The draw is cut to the range, so that its distribution keeps its shape up to there.
    share = chance() * (1 - math.exp(-upper / delay))
    return -delay * math.log1p(-share)
