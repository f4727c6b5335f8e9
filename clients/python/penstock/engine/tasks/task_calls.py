"""A call of a task: what is known of it before it runs, and how its end reaches the caller."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from time import time_ns
from typing import TYPE_CHECKING, Any, cast

from penstock.client.entries import Called
from penstock.engine.calls.naming import task_run_name
from penstock.engine.calls.steps import input_digest
from penstock.engine.calls.upstream import Given, given_to
from penstock.engine.contexts import (
    FlowRunContext,
    TaskRunContext,
    flow_run_var,
    tags_var,
    task_run_var,
    transaction_var,
)
from penstock.engine.drives import AWAITING, BLOCKING, run_blocking
from penstock.engine.final_state import described
from penstock.engine.tasks.task_runs import Ended, run_task
from penstock.exceptions import MissingContextError
from penstock.futures import PenstockFuture
from penstock.ground.ids import new_id
from penstock.states import Completed, Crashed, State
from penstock.transactions import Transaction

if TYPE_CHECKING:
    from penstock.declarations import TaskDeclaration


@dataclass(slots=True, kw_only=True, eq=False)
class TaskCall:
    """A call with what it was given: handles are waited for before it runs."""

    context: TaskRunContext
    given: Given | None
    recorded: bool
    reused: Ended | None = None


def call_task(task: TaskDeclaration, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run the task here and now; of an async one, return what is to be awaited."""
    return_state = kwargs.pop("return_state", False) if kwargs else False
    if task.isasync:
        return _call_async(task, args, kwargs, return_state)
    call = begin(task, args, kwargs, submitted=False)
    ended = call.reused or run_blocking(run_task(call, BLOCKING))
    if return_state:
        return state_of(call, ended)
    return _delivered(ended)


def submit_task(
    task: TaskDeclaration, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> PenstockFuture[Any]:
    """Run the task on the flow run's task runner."""
    run = flow_run_var.get()
    if run is None:
        raise MissingContextError(
            f"{task.name}.submit() works inside a flow only: call {task.name}() itself"
        )
    return_state = kwargs.pop("return_state", False)
    call = begin(task, args, kwargs, submitted=True)
    context = call.context
    future: PenstockFuture[Any] = PenstockFuture(context.id, context.name)
    if context.step is not None and context.step.input_digest:
        future.step = repr(context.step).encode()
    if context.outer_transaction is not None:
        context.outer_transaction.futures.append(future)
    run.futures.append(future)
    if call.reused is not None:
        future.ended.set_result(state_of(call, call.reused))
    else:
        future.helped_by(run.task_runner.start(partial(_run_submitted, call, future)))
    if return_state:
        future.wait()
        return cast("PenstockFuture[Any]", future.state)
    return future


def begin(
    task: TaskDeclaration, args: tuple[Any, ...], kwargs: dict[str, Any], *, submitted: bool
) -> TaskCall:
    """Give the call its identity and record it.

    Raises:
        CancelledRun: the flow run is to stop.
        TransactionRolledBack: the transaction around the call was undone.
    """
    run, parent = flow_run_var.get(), task_run_var.get()
    outer = transaction_var.get()
    if parent is not None and outer is parent.outer_transaction:
        outer = _transaction_of(parent, task)
    if outer is not None:
        outer.check()
    wait_for = kwargs.pop("wait_for", None) if kwargs else None
    given = given_to(args, kwargs, wait_for, task.positional_names)
    context = TaskRunContext(
        task=task, id=new_id(), name=task.name, args=args, kwargs=kwargs, run=run
    )
    context.outer_transaction = outer
    begins_now = not submitted and not (given and given.handles)
    call = TaskCall(context=context, given=given, recorded=begins_now)
    if run is not None:
        run.cancel.check()
        _record(call, run, parent)
    return call


def state_of(call: TaskCall, ended: Ended) -> State[Any]:
    """Return how the task run ended, with what it returned."""
    value, state = ended
    if state is None:
        state = Completed(data=value)
    return state.of_run(task_run_id=call.context.id)


def _record(call: TaskCall, run: FlowRunContext, parent: TaskRunContext | None) -> None:
    context = call.context
    task = context.task
    inputs = input_digest(context.args, context.kwargs)
    step = context.step = run.step(task.task_key, task.source_digest(), inputs)
    if run.finished and inputs and (known := run.finished.get(step)):
        context.id = known[0]
        call.reused = (known[1], None)
        return
    context.name = task_run_name(task, context.args, context.kwargs, run)
    tags = tags_var.get() | task.options.tags
    run.recorder.append(
        Called(
            context.id,
            time_ns(),
            context.name,
            task.name,
            step,
            parent.id if parent is not None else "",
            tuple(call.given.edges) if call.given is not None else (),
            sorted(tags) if tags else (),
            context.outer_transaction is not None and bool(task.options.on_rollback),
            call.recorded,
        )
    )


def _transaction_of(parent: TaskRunContext, task: TaskDeclaration) -> Any:
    """A task called in a task belongs to the outer one's transaction, if it can be undone."""
    if parent.own_transaction is None and not (
        task.options.on_commit or task.options.on_rollback
    ):
        return parent.outer_transaction
    if parent.own_transaction is None:
        parent.own_transaction = Transaction(parent=parent.outer_transaction, member=parent)
    return parent.own_transaction


async def _call_async(
    task: TaskDeclaration, args: tuple[Any, ...], kwargs: dict[str, Any], return_state: bool
) -> Any:
    call = begin(task, args, kwargs, submitted=False)
    ended = call.reused or await run_task(call, AWAITING)
    return state_of(call, ended) if return_state else _delivered(ended)


def _delivered(ended: Ended) -> Any:
    value, state = ended
    if state is None or state.is_completed():
        return value
    if isinstance(state.data, BaseException):
        raise state.data
    # A failure that the function itself returned as a state is the caller's to look at.
    return state


def _run_submitted(call: TaskCall, future: PenstockFuture[Any]) -> None:
    future.begun = True
    try:
        if call.context.task.isasync:
            ended = asyncio.run(_on_own_loop(call))
        else:
            ended = run_blocking(run_task(call, BLOCKING))
        future.ended.set_result(state_of(call, ended))
    except BaseException as error:  # noqa: BLE001 - whoever waits must hear of everything
        state = Crashed(message=described(error), data=error, task_run_id=call.context.id)
        future.ended.set_result(state)


async def _on_own_loop(call: TaskCall) -> Ended:
    return await run_task(call, AWAITING)
