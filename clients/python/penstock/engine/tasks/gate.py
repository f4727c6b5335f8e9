"""The gate: whatever state a task run comes into, it comes into through `move`.

What is to happen at a state, for whatever reason the run came into it, is a row here: the
journal hears of it first, then the log, the span of the attempt, and the transaction around it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from time import time_ns
from typing import Any

from penstock.client.entries import Moved
from penstock.engine.contexts import FlowRunContext, TaskRunContext, current_flow_run
from penstock.engine.failing import AFTER_BAD_ATTEMPTS, BAD_ENDS, task_run_failure
from penstock.engine.final_state import described
from penstock.engine.telling import task_failed, task_retried
from penstock.engine.undoing import CommitMode, Transaction
from penstock.failures.failure import Failure
from penstock.ground.lasting_loggers import lasting_logger
from penstock.payloads.values import EncodedPayload
from penstock.states import FINAL, Completed, Running, State, StateType

_logger = lasting_logger("penstock.task_runs")
# The most frequent states of all: made once, and recorded without words.
FIRST_ATTEMPT, PLAIN_SUCCESS = Running(), Completed()

Consequence = Callable[[TaskRunContext, State[Any]], None]


def move(
    context: TaskRunContext, state: State[Any], result: EncodedPayload | None = None
) -> None:
    """Bring the task run into a state, with everything that follows from it.

    Raises:
        CommitFailed: a commit hook raised, at the end of a run in no open transaction.
    """
    run, kind = context.run, state.type
    if kind in FINAL:
        context.ended = True
    ended = context.ended
    if run is not None and ended and not state.rolled_back:
        run.tally.add(bad=kind in BAD_ENDS)
    # Most task runs begin with their call, and the entry of that says so already.
    if run is not None and not (state is FIRST_ATTEMPT and context.running):
        bad = kind in (BAD_ENDS if ended else AFTER_BAD_ATTEMPTS)
        failure = task_run_failure(context, state) if bad else None
        times = (0, 0.0) if ended else (context.attempt, context.wait)
        record(run, context.call.task_run_id, state, result, failure, times)
    consequences = _AT_THE_END.get(kind, _AT_A_BAD_END) if ended else _ON_THE_WAY.get(kind, ())
    for follow in consequences:
        follow(context, state)


def record(
    run: FlowRunContext,
    task_run_id: str,
    state: State[Any],
    result: EncodedPayload | None = None,
    failure: Failure | None = None,
    times: tuple[int, float] = (0, 0.0),
) -> None:
    """Write into the journal that a task run came into a state.

    `times` are the attempt's number, and how many seconds it is until the next one.
    """
    now, kind, (attempt, wait) = time_ns(), state.type, times
    runs, waits = kind is StateType.RUNNING, kind is StateType.SCHEDULED
    plain = state is PLAIN_SUCCESS or state is FIRST_ATTEMPT
    run.recorder.append(
        Moved(
            task_run_id,
            now,
            kind,
            "" if plain else state.name,
            state.message or "",
            attempt if runs else 0,
            runs and attempt > 1,
            result,
            failure,
            now + int(wait * 1_000_000_000) if waits else 0,
            state.rolled_back,
        )
    )


def count_again(context: TaskRunContext) -> None:
    """Let a finished task run, whose undoing failed in an earlier attempt, be a member anew."""
    run = context.run
    if run is not None and run.not_undone.pop(context.id, None) is not None:
        _settle(context, PLAIN_SUCCESS)


def own_transaction(context: TaskRunContext) -> Transaction:
    """Return the transaction inside the task run, which is a member of the one around it."""
    if context.own_transaction is None:
        context.own_transaction = Transaction(
            parent=context.outer_transaction, member=TaskMember(context)
        )
    return context.own_transaction


class TaskMember:
    """A finished task run as a transaction knows it."""

    def __init__(self, context: TaskRunContext) -> None:
        self._context = context

    @property
    def name(self) -> str:
        return self._context.name

    def undone(self) -> None:
        context, run = self._context, self._context.run
        if run is not None and run.finished is not None:
            run.finished.pop(context.call.step, None)
        move(context, _ROLLED_BACK)
        if (undoing := current_flow_run() or run) is not None:
            undoing.not_undone.pop(context.id, None)
            undoing.undone.append(self.name)

    def not_undone(self, why: str) -> None:
        undoing = current_flow_run() or self._context.run
        if undoing is not None:
            undoing.not_undone[self._context.id] = f"{self.name} ({why})"
            message = f"{self.name} could not be undone: {why}"
            undoing.log(logging.ERROR, _logger.name, message, self._context.id)


_ROLLED_BACK = Completed(
    name="RolledBack", message="its transaction was rolled back", rolled_back=True
)


def _mark_span(context: TaskRunContext, state: State[Any]) -> None:
    context.span.fail(state.message or state.name)


def _settle(context: TaskRunContext, state: State[Any]) -> None:
    """Hand the finished task to the transaction around it, or commit it if it is alone."""
    task, outer = context.task, context.outer_transaction
    if state.rolled_back or not (
        context.own_transaction or task.options.on_rollback or task.options.on_commit
    ):
        return
    member = own_transaction(context)
    member.stage(on_rollback=task.options.on_rollback, on_commit=task.options.on_commit)
    if outer is None or outer.commit_mode is CommitMode.EAGER:
        member.commit()
    elif not outer.adopt(member):
        # A sibling failed meanwhile, so this one comes too late and is undone at once.
        member.rollback(outer.reason)


def _roll_back(context: TaskRunContext, state: State[Any]) -> None:
    """Undo what was done inside the task, and what was done beside it."""
    error = state.data
    if isinstance(error, BaseException) and not isinstance(error, Exception):
        # It goes on through the blocks of transactions around, which see to what they hold.
        return
    why = described(error) if isinstance(error, BaseException) else state.message or state.name
    reason = f"{context.name} ended {state.name}: {why}"
    if context.own_transaction is not None:
        context.own_transaction.rollback(reason)
    if context.outer_transaction is not None:
        context.outer_transaction.fail(reason)


_ON_THE_WAY: Mapping[StateType, tuple[Consequence, ...]] = {
    StateType.RUNNING: (),
    StateType.SCHEDULED: (task_retried, _mark_span),
}
# A function may return a state of any type as its end: whatever is not Completed is a bad one.
_AT_THE_END: Mapping[StateType, tuple[Consequence, ...]] = {
    StateType.COMPLETED: (_settle,),
    StateType.FAILED: (task_failed, _mark_span, _roll_back),
}
_AT_A_BAD_END: tuple[Consequence, ...] = (_mark_span, _roll_back)
