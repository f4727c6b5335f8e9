"""How a task run goes: it waits for what it needs, is tried, and ends."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from time import time_ns
from typing import TYPE_CHECKING, Any

from penstock import telemetry
from penstock.client.entries import Moved
from penstock.engine import final_state
from penstock.engine.calls import arguments
from penstock.engine.contexts import TaskRunContext, task_run_var
from penstock.engine.drives import Drive
from penstock.engine.failing import task_run_failure
from penstock.engine.tasks.attempts import delay_before, jittered
from penstock.exceptions import (
    CancelledRun,
    CommitFailed,
    TaskRunTimeoutError,
    UpstreamFailed,
)
from penstock.failures.retry_advice import advice_of
from penstock.futures import PenstockFuture
from penstock.payloads.encoding import encode
from penstock.payloads.values import INLINE_LIMIT, CannotPickle, EncodedPayload
from penstock.process.timeouts import CallTimedOut
from penstock.states import NOTHING, Cancelled, Failed, State, StateType
from penstock.transactions import CommitMode, Transaction

if TYPE_CHECKING:
    from penstock.engine.tasks.task_calls import TaskCall

# What the function returned, and the final state if it is more than plain success.
Ended = tuple[Any, State[Any] | None]

_logger = logging.getLogger("penstock.task_runs")
_PLAIN = frozenset((type(None), bool, int, float, complex, str, bytes))


async def run_task(call: TaskCall, drive: Drive) -> Ended:
    """Run a task that was begun, to its end."""
    context = call.context
    args, kwargs = context.args, context.kwargs
    if call.given is not None:
        try:
            args, kwargs = await _resolved(call, drive)
        except UpstreamFailed as error:
            return _fail(context, Failed(name="UpstreamFailed", message=str(error), data=error))
        context.args, context.kwargs = args, kwargs
    token = task_run_var.set(context)
    try:
        if context.run is not None and context.task.options.on_rollback:
            await _prepared(context, drive)
        while True:
            if not call.recorded:
                _record_attempt(context)
            call.recorded = False
            value, state = await _attempt(context, drive)
            if state is None or state.is_completed():
                return _complete(context, value, state)
            delay = _delay_before_next(context, state)
            if delay is None:
                return _fail(context, state)
            await _wait_for_next(context, state, delay, drive)
            context.attempt += 1
    except CancelledRun as error:
        return _fail(context, Cancelled(message=str(error), data=error))
    except BaseException as error:
        _record_crash(context, error)
        raise
    finally:
        task_run_var.reset(token)


async def _resolved(call: TaskCall, drive: Drive) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Wait for the handles, and put what they brought in their places."""
    context = call.context
    for handle, may_fail in call.given.handles if call.given is not None else ():
        state = await _state_when_ended(handle, drive)
        if not may_fail and not state.is_completed():
            name = handle.name if isinstance(handle, PenstockFuture) else "a task"
            raise UpstreamFailed(
                f"{context.name} did not run, because {name} ended {state.name}: "
                f"{state.message}"
            ) from state.exception()
    args = arguments.replaced(context.args, _value_of)
    kwargs: Mapping[str, Any] = arguments.replaced(context.kwargs, _value_of)
    return args, dict(kwargs)


async def _state_when_ended(
    handle: PenstockFuture[Any] | State[Any], drive: Drive
) -> State[Any]:
    if isinstance(handle, State):
        return handle
    handle.help()
    return await drive.until(handle.ended)


def _value_of(handle: PenstockFuture[Any] | State[Any], _may_fail: bool) -> Any:
    state = handle.state if isinstance(handle, PenstockFuture) else handle
    return state.result(raise_on_failure=False)


async def _prepared(context: TaskRunContext, drive: Drive) -> None:
    """What can be undone must be known to be before its first line runs."""
    if context.outer_transaction is not None and context.run is not None:
        await drive.until(context.run.recorder.barrier())


async def _attempt(context: TaskRunContext, drive: Drive) -> Ended:
    task = context.task
    if not telemetry.enabled():
        return await _tried(context, drive)
    attributes: dict[str, str | int] = {
        "penstock.task_run_id": context.id,
        "penstock.task_name": task.name,
        "penstock.attempt": context.attempt,
    }
    with telemetry.span("task_run", attributes=attributes) as span:
        ended = await _tried(context, drive)
        if ended[1] is not None and not ended[1].is_completed():
            span.fail(ended[1].message or ended[1].name)
        return ended


async def _tried(context: TaskRunContext, drive: Drive) -> Ended:
    task = context.task
    try:
        value = await drive.call(
            task.fn, context.args, context.kwargs, task.options.timeout_seconds
        )
    except CallTimedOut:
        message = (
            f"{context.name} exceeded its timeout of {task.options.timeout_seconds:g} second(s)"
        )
        error = TaskRunTimeoutError(message)
        return None, final_state.timed_out("Task", task.options.timeout_seconds or 0, error)
    except CancelledRun:
        raise
    except Exception as error:  # noqa: BLE001 - user code raises anything, and it is kept
        return None, final_state.by_exception("Task", error)
    if type(value) in _PLAIN:
        return value, None
    return await _judged(value, drive)


async def _judged(value: Any, drive: Drive) -> Ended:
    handles = arguments.handles_in(value)
    if not handles:
        return value, None
    for handle, _ in handles:
        await _state_when_ended(handle, drive)
    value = arguments.replaced(value, _final_state_of)
    state = final_state.by_value(value)
    return (state.data if state.data is not NOTHING else None), state


def _final_state_of(handle: PenstockFuture[Any] | State[Any], _may_fail: bool) -> Any:
    return handle.state if isinstance(handle, PenstockFuture) else handle


def _delay_before_next(context: TaskRunContext, state: State[Any]) -> float | None:
    """Return how long to wait for the next attempt; nothing if there is none."""
    task, retry = context.task, context.attempt - 1
    if retry >= task.options.retries:
        return None
    advice = advice_of(state.exception())
    if advice.do_not_retry:
        return None
    if task.options.retry_condition_fn is not None:
        try:
            if not task.options.retry_condition_fn(task, context, state):
                return None
        except Exception:
            _logger.exception(
                "%s: retry_condition_fn raised, so it is not retried", context.name
            )
            return None
    if advice.retry_after is not None:
        return advice.retry_after.total_seconds()
    return jittered(delay_before(retry, task.options.delays), task.options.retry_jitter_factor)


async def _wait_for_next(
    context: TaskRunContext, state: State[Any], delay: float, drive: Drive
) -> None:
    _logger.warning(
        "%s failed (%s), attempt %d of %d comes in %g s",
        context.name,
        state.message,
        context.attempt + 1,
        context.task.options.retries + 1,
        delay,
    )
    run = context.run
    if run is not None:
        now = time_ns()
        run.recorder.append(
            Moved(
                context.id,
                now,
                StateType.SCHEDULED,
                "AwaitingRetry",
                state.message or "",
                failure=task_run_failure(context, state),
                scheduled=now + int(delay * 1_000_000_000),
            )
        )
    if delay > 0:
        await drive.sleep(delay, run.cancel if run is not None else None)
    if run is not None:
        run.cancel.check()


def _record_attempt(context: TaskRunContext) -> None:
    if context.run is None:
        return
    retried = context.attempt > 1
    context.run.recorder.append(
        Moved(
            context.id,
            time_ns(),
            StateType.RUNNING,
            "Retrying" if retried else "",
            attempt=context.attempt,
            retried=retried,
        )
    )


def _complete(context: TaskRunContext, value: Any, state: State[Any] | None) -> Ended:
    task, run = context.task, context.run
    if run is not None:
        name, message = ("", "") if state is None else (state.name, state.message or "")
        result = _kept(value) if state is None else None
        context.ended = True
        run.recorder.append(
            Moved(context.id, time_ns(), StateType.COMPLETED, name, message, result=result)
        )
        if run.finished is not None and state is None and context.step is not None:
            run.finished[context.step] = (context.id, value)
    own = context.own_transaction
    if own is not None or task.options.on_rollback or task.options.on_commit:
        try:
            _settle(context)
        except CommitFailed as error:
            return None, final_state.by_exception("Task", error)
    return value, state


def _kept(value: Any) -> EncodedPayload | None:
    """What is recorded of a result; one that is large or cannot be said is not."""
    try:
        return encode(value, INLINE_LIMIT)
    except CannotPickle:
        return None


def _settle(context: TaskRunContext) -> None:
    """Hand the finished task to the transaction around it, or commit it if it is alone."""
    task, outer = context.task, context.outer_transaction
    member = context.own_transaction or Transaction(parent=outer, member=context)
    member.stage(on_rollback=task.options.on_rollback, on_commit=task.options.on_commit)
    if outer is None or outer.commit_mode is CommitMode.EAGER:
        member.commit()
    elif not outer.adopt(member):
        # A sibling failed meanwhile, so this one comes too late and is undone at once.
        member.rollback(outer.reason)


def _fail(context: TaskRunContext, state: State[Any]) -> Ended:
    """End the task run badly, and with it the transaction that it is in."""
    context.ended = True
    failure = task_run_failure(context, state)
    context.moved(state.type, state.name, state.message or "", failure=failure)
    if state.is_failed():
        _logger.error("%s ended %s: %s", context.name, state.name, state.message)
    reason = f"{context.name} ended {state.name}: {_shortly(state)}"
    if context.own_transaction is not None:
        context.own_transaction.rollback(reason)
    if context.outer_transaction is not None:
        context.outer_transaction.fail(reason)
    return None, replace(state, task_run_id=context.id)


def _shortly(state: State[Any]) -> str:
    if isinstance(state.data, BaseException):
        return final_state.described(state.data)
    return state.message or state.name


def _record_crash(context: TaskRunContext, error: BaseException) -> None:
    if context.ended:
        return
    state = final_state.by_exception("Task", error)
    failure = task_run_failure(context, state)
    context.moved(StateType.CRASHED, "", state.message or "", failure=failure)
