"""How a flow run that this process owns goes: attempts, final state, undoing, the last word."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from penstock import telemetry
from penstock.client.connection import Connection
from penstock.client.results import Results
from penstock.client.transitions import Ending, Transitions, Verdict
from penstock.engine import final_state
from penstock.engine.calls import arguments
from penstock.engine.calls.handles import with_final_states
from penstock.engine.calls.naming import flow_run_name
from penstock.engine.contexts import FlowRunContext, flow_run_var, going_on, task_run_var
from penstock.engine.drives import Drive
from penstock.engine.failing import flow_run_failure
from penstock.engine.results import keep, refuse_unawaited
from penstock.engine.run_logging import log_of_prints, log_of_run
from penstock.engine.telling import flow_begins, flow_ended
from penstock.errors import LeaseLost, PenstockError
from penstock.exceptions import FlowRunTimeoutError, ParameterTypeError
from penstock.ground.lasting_loggers import lasting_logger
from penstock.process.prints import watch_prints
from penstock.process.timeouts import CallTimedOut
from penstock.states import Cancelled, Crashed, Failed, Running, State, StateType

_logger = lasting_logger("penstock.flow_runs")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRun:
    """A flow run in this process, its arguments as they were given, and who is told.

    One that somebody else created gets the name that its author wants when it begins. The log
    of one that an executor started ends with this process, of which the executor tells.
    """

    connection: Connection
    live: FlowRunContext
    parameters: Mapping[str, Any]
    traceparent: str = ""
    to_be_named: bool = False
    ends_log: bool = True


async def execute(local: LocalRun, drive: Drive) -> State[Any]:
    """Run attempts until the run has a final state, and return that."""
    live = local.live
    attributes = {
        "penstock.flow_run_id": live.flow_run.id,
        "penstock.flow_name": live.flow_run.flow_name,
    }
    parent = local.traceparent or None
    flow_token, task_token = flow_run_var.set(live), task_run_var.set(None)
    going_on[live] = None
    try:
        with telemetry.span("flow_run", attributes=attributes, parent=parent) as span:
            state = await _attempts(local, drive)
            if not state.is_completed():
                span.fail(state.message or state.name)
            return state.of_run(flow_run_id=live.flow_run.id)
    finally:
        going_on.pop(live, None)
        if local.ends_log:
            live.recorder.end_log()
        live.task_runner.close()
        task_run_var.reset(task_token)
        flow_run_var.reset(flow_token)


async def _attempts(local: LocalRun, drive: Drive) -> State[Any]:
    live = local.live
    try:
        if (runner := live.flow.options.task_runner) is not None:
            live.task_runner = runner.duplicate()
        parameters = _checked(live, local.parameters)
        live.flow_run = replace(live.flow_run, parameters=parameters)
        name = flow_run_name(live.flow, parameters) if local.to_be_named else ""
    except Exception as error:  # noqa: BLE001 - validators are the user's, and raise anything
        state = final_state.by_exception("Flow", error)
        if isinstance(error, ParameterTypeError):
            state = Failed(message=str(error), data=error)
        return await _end(local, state, drive)
    except BaseException as error:
        _say_crashed(local, error)
        raise
    while True:
        try:
            verdict = await _propose(local, Running(), drive, name=name)
        except LeaseLost as error:
            live.cancel.cancel(str(error), lost=True)
            return Cancelled(message=live.cancel.message)
        if not verdict.accepted:
            return _overruled(verdict)
        live.flow_run = replace(live.flow_run, name=verdict.name)
        live.begin_attempt(verdict.attempt)
        try:
            state = await _attempt(live, parameters, drive)
        except BaseException as error:
            _say_crashed(local, error)
            raise
        state = await _end(local, state, drive)
        if state.type is not StateType.SCHEDULED:
            return state


def _checked(live: FlowRunContext, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    if not live.flow.options.validate_parameters:
        return parameters
    return live.flow.parameters.validated(parameters)


async def _attempt(
    live: FlowRunContext, parameters: Mapping[str, Any], drive: Drive
) -> State[Any]:
    flow = live.flow
    args, kwargs = flow.parameters.call_arguments(parameters)
    flow_begins(live)
    try:
        watch_prints(log_of_prints, log_of_run)
        with drive.stopped_by(live.cancel):
            value = await drive.call(flow.fn, args, kwargs, flow.options.timeout_seconds)
            refuse_unawaited(flow.name, value)
            value = await with_final_states(value, arguments.handles_in(value), drive)
        state = final_state.by_value(value)
    except CallTimedOut:
        seconds = flow.options.timeout_seconds or 0
        message = f"flow run {live.flow_run.name} exceeded its timeout of {seconds:g} second(s)"
        state = final_state.timed_out("Flow", seconds, FlowRunTimeoutError(message))
    except Exception as error:  # noqa: BLE001 - user code raises anything, and it is kept
        state = final_state.by_exception("Flow", error)
    except BaseException as error:
        state = final_state.interrupted("Flow", error, live.cancel)
        if not state.is_cancelled():
            raise
    live.cancel.over = True
    await _others_ended(live, drive)
    if live.cancel.cancelled and not state.is_cancelled():
        state = Cancelled(message=live.cancel.message, data=state.data)
    return _with_undone(live, state)


async def _others_ended(live: FlowRunContext, drive: Drive) -> None:
    """A flow run does not end before the tasks that it submitted."""
    for future in live.futures:
        await drive.until(future.ended)


def _with_undone(live: FlowRunContext, state: State[Any]) -> State[Any]:
    """Say what the run's transactions undid, and what they could not."""
    said = [state.message] if state.message else []
    if live.undone:
        said.append(f"rolled back: {', '.join(live.undone)}")
    if live.not_undone:
        said.append(f"could not be rolled back: {', '.join(live.not_undone.values())}")
    if not live.undone and not live.not_undone:
        return state
    return replace(state, message="; ".join(said), rolled_back=True)


async def _end(local: LocalRun, state: State[Any], drive: Drive) -> State[Any]:
    """Make durable what was recorded, then propose the final state.

    Returns the state that the run came into; SCHEDULED means that another attempt begins now.
    """
    live = local.live
    try:
        verdict = await _recorded(local, state, drive)
    except PenstockError as error:
        return _unrecorded(live, state, error)
    except KeyboardInterrupt as stop:
        # A person has no patience left; what the user's code raised is not hidden by that.
        raise stop from state.data if isinstance(state.data, BaseException) else None
    if verdict.accepted:
        flow_ended(live, state)
        return state
    replacement = verdict.replacement
    if verdict.stop or replacement is None:
        return _overruled(verdict, state)
    if replacement.type is StateType.SCHEDULED:
        _logger.warning("Failed: %s; retry in %g s", state.message, verdict.retry_delay)
        if verdict.retry_delay > 0:
            await drive.sleep(verdict.retry_delay, live.cancel)
        if live.cancel.cancelled:
            return await _end(local, Cancelled(message=live.cancel.message), drive)
        return replacement
    return replace(replacement, data=state.data)


async def _recorded(local: LocalRun, state: State[Any], drive: Drive) -> Verdict:
    """The journal and the log are durable before the run's last word."""
    live = local.live
    await drive.until(live.recorder.barrier())
    await drive.until(live.recorder.log_barrier())
    result_id = ""
    if state.is_completed():
        result_id = await _published(local, state.data, drive)
    ending = Ending(result_id=result_id, failure=flow_run_failure(state))
    return await _propose(local, state, drive, ending)


async def _published(local: LocalRun, value: Any, drive: Drive) -> str:
    """Return the id of the result; empty if it cannot be kept, which the run's log says."""
    live, connection = local.live, local.connection
    payload, why_not = keep(value, limit=None)
    if payload is None:
        live.say_not_kept(f"the flow {live.flow.name}", why_not, level=logging.WARNING)
        await drive.until(live.recorder.log_barrier())
        return ""
    publishing = connection.part(Results).publish(live.owned, payload)
    return await drive.until(connection.loop.submit(publishing))


async def _propose(
    local: LocalRun,
    state: State[Any],
    drive: Drive,
    ending: Ending | None = None,
    *,
    name: str = "",
) -> Verdict:
    transitions, loop = local.connection.part(Transitions), local.connection.loop
    while True:
        proposal = transitions.propose(local.live.owned, state, ending, name=name)
        verdict = await drive.until(loop.submit(proposal))
        if not verdict.propose_again_after:
            return verdict
        await drive.sleep(verdict.propose_again_after, local.live.cancel)


def _unrecorded(live: FlowRunContext, state: State[Any], error: PenstockError) -> State[Any]:
    """What the user's code raised comes first; that it was not recorded is said with it."""
    message = f"Penstock could not record how flow run {live.flow_run.name} ended: {error}"
    _logger.error(message)
    if isinstance(error, LeaseLost) and live.cancel.cancelled:
        return replace(state, type=StateType.CANCELLED, name="", message=live.cancel.message)
    if not isinstance(state.data, BaseException):
        raise error
    state.data.add_note(message)
    return state


def _overruled(verdict: Verdict, proposed: State[Any] | None = None) -> State[Any]:
    """Somebody else decided what becomes of the run; this process stops working on it."""
    state = verdict.replacement or verdict.actual or Crashed(message="the run was taken over")
    _logger.warning("The run is %s: %s", state.name, state.message or "no reason")
    if not state.is_final():
        state = Cancelled(message=f"the run is {state.name}, and goes on in another process")
    return replace(state, data=proposed.data) if proposed is not None else state


def _say_crashed(local: LocalRun, error: BaseException) -> None:
    """The run must not look alive; that it cannot be said must not hide why it ended."""
    state = _with_undone(local.live, final_state.by_exception("Flow", error))
    live, connection = local.live, local.connection
    flow_ended(live, state)
    try:
        live.recorder.barrier().result(5.0)
        ending = Ending(failure=flow_run_failure(state))
        proposal = connection.part(Transitions).propose(live.owned, state, ending)
        connection.loop.submit(proposal).result(5.0)
    except (PenstockError, TimeoutError) as failed:
        _logger.error(  # noqa: TRY400 - the error that counts is on its way
            "The run could not be marked Crashed: %s", failed
        )
