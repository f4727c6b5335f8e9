"""How a task run goes: a known outcome is taken, or else it is tried until it has ended."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from penstock import telemetry
from penstock.engine.calls.handles import Arguments, resolved
from penstock.engine.calls.upstream import Given
from penstock.engine.contexts import TaskRunContext, task_run_var
from penstock.engine.drives import Drive
from penstock.engine.final_state import by_exception, interrupted
from penstock.engine.results import keep
from penstock.engine.tasks.attempts import (
    Ended,
    attempt_span,
    delay_before_next,
    tried,
)
from penstock.engine.tasks.gate import FIRST_ATTEMPT, PLAIN_SUCCESS, count_again, move
from penstock.engine.tasks.outcomes import known_outcome
from penstock.exceptions import CommitFailed, UpstreamFailed
from penstock.spans import NO_SPAN
from penstock.states import AwaitingRetry, Completed, Failed, Retrying, State


async def run_task(context: TaskRunContext, drive: Drive) -> Ended:
    """Run a task that was called, to its end."""
    if context.finished_before and (outcome := await known_outcome(context)) is not None:
        try:
            count_again(context)
        except CommitFailed as error:
            return None, by_exception("Task", error)
        return outcome[0], None
    if context.given is not None:
        try:
            await _resolve(context, context.given, drive)
        except UpstreamFailed as error:
            return _fail(context, Failed(name="UpstreamFailed", message=str(error), data=error))
    token = task_run_var.set(context)
    try:
        if context.task.options.on_rollback and context.outer_transaction is not None:
            await _known_to_be_undoable(context, drive)
        attempt = _traced_attempt if telemetry.enabled() else _attempt
        while True:
            if (ended := await attempt(context, drive)) is not None:
                return ended
            await _next_is_due(context, drive)
    except BaseException as error:
        if not context.ended:
            move(context, interrupted("Task", error, context.cancel))
        raise
    finally:
        task_run_var.reset(token)


async def _resolve(context: TaskRunContext, given: Given, drive: Drive) -> None:
    call = context.call
    passed = Arguments(call.args, call.kwargs)
    passed = await resolved(passed, given.handles, drive, caller=context.name)
    context.call = call._replace(args=passed.args, kwargs=dict(passed.kwargs))


async def _known_to_be_undoable(context: TaskRunContext, drive: Drive) -> None:
    """What can be undone must be known to be before its first line runs."""
    if context.run is not None:
        await drive.until(context.run.recorder.barrier())


async def _traced_attempt(context: TaskRunContext, drive: Drive) -> Ended | None:
    with attempt_span(context) as span:
        context.span = span
        try:
            return await _attempt(context, drive)
        finally:
            context.span = NO_SPAN


async def _attempt(context: TaskRunContext, drive: Drive) -> Ended | None:
    """Try once; without an end, another attempt follows after `context.wait` seconds."""
    move(context, FIRST_ATTEMPT if context.attempt == 1 else Retrying())
    value, state = await tried(context, drive)
    if state is None or state.is_completed():
        return _complete(context, value, state)
    delay = delay_before_next(context, state)
    if delay is None:
        return _fail(context, state)
    context.wait = delay
    move(context, AwaitingRetry(message=state.message, data=state.exception()))
    return None


async def _next_is_due(context: TaskRunContext, drive: Drive) -> None:
    cancel = context.cancel
    if context.wait > 0:
        await drive.sleep(context.wait, cancel)
    if cancel is not None:
        cancel.check()
    context.attempt += 1


def _complete(context: TaskRunContext, value: Any, state: State[Any] | None) -> Ended:
    run, payload, reached = context.run, None, state or PLAIN_SUCCESS
    if run is not None and state is None:
        payload, why_not = keep(value)
        if run.finished is not None:
            why_again = run.remember(context.call.step, context.id, context.name, value)
            why_not = why_again or why_not
            reached = Completed(message=why_again) if why_again else PLAIN_SUCCESS
        if why_not:
            run.say_not_kept(context.task.name, why_not)
    try:
        move(context, reached, payload)
    except CommitFailed as error:
        return None, by_exception("Task", error)
    return value, state


def _fail(context: TaskRunContext, state: State[Any]) -> Ended:
    context.ended = True
    move(context, state)
    return None, replace(state, task_run_id=context.id)
