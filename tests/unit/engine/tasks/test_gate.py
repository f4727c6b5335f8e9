"""Every state of a task run goes through one gate, and what follows from it follows there."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import penstock
from penstock import task
from penstock.engine.calls.finished import Finished
from penstock.engine.drives import BLOCKING, run_blocking
from penstock.engine.tasks.gate import FIRST_ATTEMPT, move, own_transaction
from penstock.engine.tasks.task_runs import run_task
from penstock.engine.undoing import CommitMode, Transaction
from penstock.exceptions import CommitFailed
from penstock.states import (
    AwaitingRetry,
    Cancelled,
    Completed,
    Crashed,
    Failed,
    Paused,
    Pending,
    Retrying,
    Running,
    State,
    StateType,
)
from unit.engine.runs import TASK_RUN, Journal, a_flow_run, a_journal, a_task_run

SDK = Path(penstock.__file__).parent


@task
def book(seat: str) -> str:
    return seat


@pytest.fixture
def journal() -> Iterator[Journal]:
    with a_journal() as made:
        yield made


def undoable(undone: list[str], *, raises: bool = False) -> Any:
    @task(name="book")
    def booked(seat: str) -> str:
        return seat

    @booked.on_rollback
    def unbook(_txn: Transaction) -> None:
        if raises:
            raise RuntimeError("the airline does not answer")
        undone.append("unbook")

    return booked


def test_nothing_but_the_gate_writes_that_a_task_run_moved() -> None:
    sites = [
        str(path.relative_to(SDK))
        for path in SDK.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Moved"
    ]
    assert sites == ["engine/tasks/gate.py"]


@pytest.mark.parametrize(
    "state",
    [
        Running(),
        Retrying(),
        Completed(),
        Completed(name="Skipped", message="nothing to do"),
        Failed(message="no seats"),
        Cancelled(message="stop"),
        Crashed(message="gone"),
    ],
    ids=lambda state: state.name,
)
def test_the_journal_gets_each_state_as_it_is(journal: Journal, state: State[Any]) -> None:
    context = a_task_run(book, a_flow_run(journal), "4A")
    move(context, state)
    (moved,) = journal.moves()
    assert (moved.task_run_id, moved.state_type) == (TASK_RUN, state.type)
    assert (moved.name, moved.message) == (state.name, state.message or "")
    assert context.ended is state.is_final()


def test_an_attempt_is_numbered_and_a_wait_has_an_end(journal: Journal) -> None:
    context = a_task_run(book, a_flow_run(journal), "4A")
    context.attempt, context.wait = 2, 1.5
    move(context, Retrying())
    move(context, AwaitingRetry(message="no seats", data=ValueError("no seats")))
    runs, waits = journal.moves()
    assert (runs.attempt, runs.retried, runs.scheduled) == (2, True, 0)
    assert waits.scheduled - waits.time == 1_500_000_000
    assert waits.failure is not None
    assert waits.failure.message == "no seats"


def test_outside_a_flow_nothing_is_recorded_and_the_rest_follows() -> None:
    undone: list[str] = []
    booked, outer = undoable(undone), Transaction()
    move(a_task_run(booked, None, "4A", inside=outer), Completed())
    assert outer.children
    move(a_task_run(book, None, "4B", inside=outer), Failed(message="no seats"))
    assert undone == ["unbook"]
    assert outer.reason == "book-0 ended Failed: no seats"


@pytest.mark.parametrize(
    "bad", [Failed(), Cancelled(), Crashed(message="lost")], ids=lambda state: state.name
)
def test_a_bad_end_undoes_what_is_inside_and_what_is_around(
    journal: Journal, bad: State[Any]
) -> None:
    undone: list[str] = []
    run, outer = a_flow_run(journal), Transaction()
    context = a_task_run(book, run, "4A", inside=outer)
    inner = own_transaction(context)
    move(a_task_run(undoable(undone), run, "4B", inside=inner), Completed())
    move(context, bad)
    assert undone == ["unbook"]
    assert (inner.is_rolled_back(), outer.is_rolled_back()) == (True, True)
    assert run.undone == ["book-0"]


@pytest.mark.parametrize(
    "still",
    [Running(), AwaitingRetry(), Crashed(data=KeyboardInterrupt())],
    ids=lambda state: state.name,
)
def test_a_state_that_may_be_followed_by_more_undoes_nothing(
    journal: Journal, still: State[Any]
) -> None:
    outer = Transaction()
    move(a_task_run(book, a_flow_run(journal), "4A", inside=outer), still)
    assert outer.is_active()


def test_what_is_undone_is_recorded_and_forgotten_as_finished(journal: Journal) -> None:
    undone: list[str] = []
    run, outer = a_flow_run(journal, retries=1), Transaction()
    context = a_task_run(undoable(undone), run, "4A", inside=outer)
    assert run.finished is not None
    run.finished[context.call.step] = Finished(context.id, context.name, lambda: "4A")
    move(context, Completed())
    outer.rollback("the card was refused")
    completed, rolled_back = journal.moves()
    assert (completed.rolled_back, rolled_back.rolled_back) == (False, True)
    assert (rolled_back.state_type, rolled_back.name) == (StateType.COMPLETED, "RolledBack")
    assert run.finished == {}


def test_what_cannot_be_undone_is_said(journal: Journal) -> None:
    run, outer = a_flow_run(journal), Transaction()
    move(a_task_run(undoable([], raises=True), run, "4A", inside=outer), Completed())
    outer.rollback("the card was refused")
    assert len(journal.moves()) == 1
    (told,) = run.not_undone.values()
    assert "the airline does not answer" in told
    assert "could not be undone" in journal.lines()[0].message


def test_a_task_alone_is_committed_at_its_end(journal: Journal) -> None:
    @task
    def confirmed(seat: str) -> str:
        return seat

    @confirmed.on_commit
    def confirm(_txn: Transaction) -> None:
        raise RuntimeError("no paper")

    with pytest.raises(CommitFailed, match="no paper"):
        move(a_task_run(confirmed, a_flow_run(journal), "4A"), Completed())


def test_a_member_that_comes_too_late_is_undone_at_once(journal: Journal) -> None:
    undone: list[str] = []
    outer = Transaction(commit_mode=CommitMode.LAZY)
    outer.rollback("a sibling failed")
    move(a_task_run(undoable(undone), a_flow_run(journal), "4A", inside=outer), Completed())
    assert undone == ["unbook"]


def test_a_first_attempt_that_its_call_told_of_is_not_told_twice(journal: Journal) -> None:
    context = a_task_run(book, a_flow_run(journal), "4A")
    context.running = True
    move(context, FIRST_ATTEMPT)
    context.attempt = 2
    move(context, Retrying())
    (again,) = journal.moves()
    assert (again.name, again.attempt) == ("Retrying", 2)


@pytest.mark.parametrize(
    "returned",
    [Failed(), Cancelled(), Crashed(), Running(), AwaitingRetry(), Pending(), Paused()],
    ids=lambda state: state.name,
)
def test_whatever_state_a_function_ends_with_but_completed_undoes(
    journal: Journal, returned: State[Any]
) -> None:
    undone: list[str] = []
    run, outer = a_flow_run(journal), Transaction()
    move(a_task_run(undoable(undone), run, "4A", inside=outer), Completed())

    @task
    def ends() -> State[Any]:
        return returned

    run_blocking(run_task(a_task_run(ends, run, inside=outer), BLOCKING))
    assert undone == ["unbook"]
