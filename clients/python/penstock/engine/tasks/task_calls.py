"""A call of a task: how it gets its identity, and how its end reaches the caller."""

from __future__ import annotations

import asyncio
from functools import partial
from time import time_ns
from typing import TYPE_CHECKING, Any, cast

from penstock.client.entries import Called
from penstock.engine.calls.naming import task_run_name
from penstock.engine.calls.upstream import given_to
from penstock.engine.contexts import (
    FlowRunContext,
    TaskCall,
    TaskRunContext,
    flow_run_var,
    going_on,
    tags_var,
    task_run_var,
)
from penstock.engine.drives import AWAITING, BLOCKING, run_blocking
from penstock.engine.final_state import interrupted
from penstock.engine.tasks.attempts import Ended
from penstock.engine.tasks.gate import own_transaction
from penstock.engine.tasks.task_runs import run_task
from penstock.engine.telling import called_outside
from penstock.engine.undoing import Transaction, transaction_var
from penstock.exceptions import MissingContextError
from penstock.futures import PenstockFuture
from penstock.ground.ids import new_id
from penstock.states import Completed, State

if TYPE_CHECKING:
    from penstock.declarations import TaskDeclaration


def call_task(task: TaskDeclaration, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run the task here and now; of an async one, return what is to be awaited."""
    return_state = kwargs.pop("return_state", False) if kwargs else False
    if task.isasync:
        return _call_async(task, args, kwargs, return_state)
    context = begin(task, args, kwargs, submitted=False)
    ended = run_blocking(run_task(context, BLOCKING))
    return state_of(context, ended) if return_state else _delivered(ended)


def submit_task(
    task: TaskDeclaration, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> PenstockFuture[Any]:
    """Run the task on the flow run's task runner."""
    run = flow_run_var.get()
    if run is None:
        raise MissingContextError(
            f"{task.name}.submit() works only inside a flow: call {task.name}() itself"
        )
    return_state = kwargs.pop("return_state", False)
    context = begin(task, args, kwargs, submitted=True)
    future: PenstockFuture[Any] = PenstockFuture(context.id, context.name)
    if (step := context.call.step).input_digest:
        # The run's id, for a run that is made again may bring something else.
        future.step = repr((step, context.id)).encode()
    if context.outer_transaction is not None:
        context.outer_transaction.futures.append(future)
    run.futures.append(future)
    future.helped_by(run.task_runner.start(partial(_run_submitted, context, future)))
    if return_state:
        future.wait()
        return cast("PenstockFuture[Any]", future.state)
    return future


def begin(
    task: TaskDeclaration, args: tuple[Any, ...], kwargs: dict[str, Any], *, submitted: bool
) -> TaskRunContext:
    """Give the call its identity, and record it.

    Raises:
        RunStopped: the flow run is to stop.
        TransactionRolledBack: the transaction around the call was undone.
    """
    run, parent = flow_run_var.get(), task_run_var.get()
    outer = _transaction_around(parent, task)
    if outer is not None:
        outer.check()
    wait_for = kwargs.pop("wait_for", None) if kwargs else None
    given = given_to(args, kwargs, wait_for, task.positional_names)
    if run is None:
        if going_on:
            called_outside(task.name)
        call = TaskCall(task, args, kwargs, new_id(), task.name)
        return TaskRunContext(call=call, given=given, outer_transaction=outer)
    run.cancel.check()
    call, known = _identified(run, parent, task, args, kwargs)
    context = TaskRunContext(
        call=call,
        run=run,
        given=given,
        running=not submitted and not (given and given.handles),
        finished_before=known,
        outer_transaction=outer,
    )
    if not known:
        _record(context, run)
    return context


def state_of(context: TaskRunContext, ended: Ended) -> State[Any]:
    """Return how the task run ended, with what it returned."""
    value, state = ended
    if state is None:
        state = Completed(data=value)
    return state.of_run(task_run_id=context.id)


def _identified(
    run: FlowRunContext,
    parent: TaskRunContext | None,
    task: TaskDeclaration,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> tuple[TaskCall, bool]:
    """Return the call as a step of its flow run, and whether that completed before.

    A step that did keeps its task run; any other is a new one.
    """
    inputs = run.inputs_of_step(task.fn, args, kwargs)
    step = run.step(task.task_key, task.source_digest(), inputs)
    known = run.finished.get(step) if run.finished and inputs else None
    call = TaskCall(
        task,
        args,
        kwargs,
        new_id() if known is None else known.task_run_id,
        _name(run, task, args, kwargs) if known is None else known.name,
        step,
        run.flow_run.id,
        "" if parent is None else parent.id,
        tags_var.get() | task.options.tags,
    )
    return call, known is not None


def _name(
    run: FlowRunContext, task: TaskDeclaration, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> str:
    return task_run_name(task, args, kwargs) or run.task_run_name(task.name)


def _record(context: TaskRunContext, run: FlowRunContext) -> None:
    call, given = context.call, context.given
    task = call.task
    run.recorder.append(
        Called(
            call.task_run_id,
            time_ns(),
            call.name,
            task.name,
            call.step,
            call.parent_task_run_id,
            tuple(given.edges) if given is not None else (),
            sorted(call.tags) if call.tags else (),
            context.outer_transaction is not None and bool(task.options.on_rollback),
            context.running,
        )
    )


def _transaction_around(
    parent: TaskRunContext | None, task: TaskDeclaration
) -> Transaction | None:
    """Return the transaction that the call is in.

    A task called in a task belongs to the outer one's transaction, if it can be undone.
    """
    outer = transaction_var.get()
    if parent is None or outer is not parent.outer_transaction:
        return outer
    if parent.own_transaction or task.options.on_commit or task.options.on_rollback:
        return own_transaction(parent)
    return outer


async def _call_async(
    task: TaskDeclaration, args: tuple[Any, ...], kwargs: dict[str, Any], return_state: bool
) -> Any:
    context = begin(task, args, kwargs, submitted=False)
    ended = await run_task(context, AWAITING)
    return state_of(context, ended) if return_state else _delivered(ended)


def _delivered(ended: Ended) -> Any:
    value, state = ended
    if state is None or state.is_completed():
        return value
    if isinstance(state.data, BaseException):
        raise state.data
    # A failure that the function itself returned as a state is the caller's to look at.
    return state


def _run_submitted(context: TaskRunContext, future: PenstockFuture[Any]) -> None:
    future.begun = True
    try:
        if context.task.isasync:
            ended = asyncio.run(_on_own_loop(context))
        else:
            ended = run_blocking(run_task(context, BLOCKING))
        future.ended.set_result(state_of(context, ended))
    except BaseException as error:  # noqa: BLE001 - whoever waits must hear of everything
        state = interrupted("Task", error, context.cancel)
        future.ended.set_result(state.of_run(task_run_id=context.id))


async def _on_own_loop(context: TaskRunContext) -> Ended:
    if (cancel := context.cancel) is None:
        return await run_task(context, AWAITING)
    with AWAITING.stopped_by(cancel):
        return await run_task(context, AWAITING)
