"""Members of a transaction count together: all are committed, or all are undone."""

import asyncio
import threading
from typing import Any

import pytest

from penstock import flow, task
from penstock.exceptions import CommitFailed, TransactionRolledBack
from penstock.runtime import task_run
from penstock.states import StateType
from penstock.tasks import Task
from penstock.transactions import CommitMode, atransaction, get_transaction, transaction


class Ledger(list[str]):
    """What happened, in order, and tasks that write it down."""

    def member(self, name: str, **options: Any) -> Task[Any, Any]:
        def do() -> str:
            self.append(name)
            return name

        made = task(name=name, **options)(do)

        @made.on_rollback
        def undo(_transaction: Any) -> None:
            self.append(f"undo {name}")

        @made.on_commit
        def commit(_transaction: Any) -> None:
            self.append(f"commit {name}")

        return made

    def failing(self) -> Task[Any, Any]:
        @task(name="check")
        def check() -> None:
            raise ValueError("the check failed")

        return check


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def test_members_are_committed_in_order_when_the_block_ends(ledger: Ledger) -> None:
    first, second = ledger.member("first"), ledger.member("second")

    @flow
    def both() -> None:
        with transaction():
            first()
            second()
            ledger.append("end")

    both()
    assert ledger == ["first", "second", "end", "commit first", "commit second"]


def test_members_are_undone_in_reverse_when_one_fails(ledger: Ledger, recorded: Any) -> None:
    first, second, check = ledger.member("first"), ledger.member("second"), ledger.failing()

    @flow
    def checked() -> None:
        with transaction():
            first()
            second()
            check()

    with pytest.raises(ValueError, match="the check failed"):
        checked()
    assert ledger == ["first", "second", "undo second", "undo first"]
    run = recorded.newest()
    assert run.state.rolled_back
    assert run.state.message == (
        "Flow run encountered an exception: ValueError: the check failed; "
        "rolled back: second-0, first-0"
    )
    runs = recorded.task_runs(run.id)
    assert [runs[name].state.name for name in ("first-0", "second-0")] == ["RolledBack"] * 2
    assert runs["first-0"].has_rollback_hook
    assert not runs["check-0"].has_rollback_hook


def test_an_attempt_that_is_retried_does_not_undo_its_siblings(ledger: Ledger) -> None:
    first = ledger.member("first")

    @task(retries=1)
    def flaky() -> None:
        ledger.append(f"attempt {task_run.run_count}")
        if task_run.run_count == 1:
            raise OSError("busy")

    @flow
    def lucky() -> None:
        with transaction():
            first()
            flaky()

    lucky()
    assert ledger == ["first", "attempt 1", "attempt 2", "commit first"]


def test_a_member_that_succeeded_after_a_retry_is_undone_exactly_once(ledger: Ledger) -> None:
    check = ledger.failing()

    @task(retries=1)
    def flaky() -> None:
        ledger.append(f"attempt {task_run.run_count}")
        if task_run.run_count == 1:
            raise OSError("busy")

    @flaky.on_rollback
    def undo(_transaction: Any) -> None:
        ledger.append("undo")

    @flow
    def unlucky() -> None:
        with transaction():
            flaky()
            check()

    with pytest.raises(ValueError, match="the check failed"):
        unlucky()
    assert ledger == ["attempt 1", "attempt 2", "undo"]


def test_a_member_that_fails_itself_is_not_undone(ledger: Ledger) -> None:
    @task
    def broken() -> None:
        raise ValueError("broken")

    @broken.on_rollback
    def undo(_transaction: Any) -> None:
        ledger.append("undo")

    @flow
    def unlucky() -> None:
        with transaction():
            broken()

    with pytest.raises(ValueError, match="broken"):
        unlucky()
    assert ledger == []


def test_undoing_goes_on_past_a_hook_that_fails_and_says_so(
    ledger: Ledger, recorded: Any
) -> None:
    first, check = ledger.member("first"), ledger.failing()

    @task
    def stuck() -> None: ...

    @stuck.on_rollback
    def give_up(_transaction: Any) -> None:
        raise OSError("stuck")

    @flow
    def unlucky() -> None:
        with transaction():
            first()
            stuck()
            check()

    with pytest.raises(ValueError, match="the check failed"):
        unlucky()
    assert ledger == ["first", "undo first"]
    message = recorded.newest().state.message
    assert "rolled back: first-0" in message
    assert "could not be rolled back: stuck-0 (give_up raised OSError: stuck)" in message


def test_a_failure_that_is_caught_inside_spoils_the_transaction_loudly(
    ledger: Ledger,
) -> None:
    first, second, check = ledger.member("first"), ledger.member("second"), ledger.failing()

    @flow
    def careless() -> None:
        with transaction():
            first()
            with pytest.raises(ValueError, match="the check failed"):
                check()
            second()

    with pytest.raises(TransactionRolledBack, match="check-0 ended Failed"):
        careless()
    assert ledger == ["first", "undo first"]


def test_an_inner_block_that_fails_undoes_the_outer_one_too(ledger: Ledger) -> None:
    a, b, c = ledger.member("a"), ledger.member("b"), ledger.member("c")

    @flow
    def nested() -> None:
        with transaction():
            a()
            with transaction():
                b()
            c()
            raise ValueError("late")

    with pytest.raises(ValueError, match="late"):
        nested()
    assert ledger == ["a", "b", "c", "undo c", "undo b", "undo a"]


def test_an_eager_block_commits_at_its_own_end(ledger: Ledger) -> None:
    a, b = ledger.member("a"), ledger.member("b")

    @flow
    def nested() -> None:
        with transaction():
            a()
            with transaction(commit_mode=CommitMode.EAGER):
                b()
            raise ValueError("late")

    with pytest.raises(ValueError, match="late"):
        nested()
    assert ledger == ["a", "b", "commit b", "undo a"]


def test_a_block_that_is_off_is_undone_unless_it_is_committed(ledger: Ledger) -> None:
    a, b = ledger.member("a"), ledger.member("b")

    @flow
    def two() -> None:
        with transaction(commit_mode=CommitMode.OFF):
            a()
        with transaction(commit_mode=CommitMode.OFF) as kept:
            b()
            kept.commit()

    two()
    assert ledger == ["a", "undo a", "b", "commit b"]


def test_a_commit_hook_that_fails_undoes_its_member_and_fails_the_flow(
    ledger: Ledger,
) -> None:
    first, last = ledger.member("first"), ledger.member("last")

    @last.on_commit
    def refuse(_transaction: Any) -> None:
        raise OSError("full")

    @flow
    def unlucky() -> None:
        with transaction():
            first()
            last()

    with pytest.raises(CommitFailed, match="full"):
        unlucky()
    assert ledger == ["first", "last", "commit first", "commit last", "undo last"]


def test_values_reach_the_hooks(ledger: Ledger) -> None:
    @task
    def write() -> None:
        own = get_transaction()
        assert own is not None
        own.set("file", "a.txt")

    @write.on_rollback
    def undo(opened: Any) -> None:
        ledger.append(f"{opened.get('folder')}/{opened.get('file')} {opened.get('x', 1)}")

    @flow
    def unlucky() -> None:
        with transaction() as opened:
            opened.set("folder", "/tmp")
            write()
            raise ValueError("late")

    with pytest.raises(ValueError, match="late"):
        unlucky()
    assert ledger == ["/tmp/a.txt 1"]


def test_submitted_members_are_waited_for_and_undone(ledger: Ledger) -> None:
    go = threading.Event()

    @task
    def slow() -> None:
        go.wait(5)
        ledger.append("slow")

    @slow.on_rollback
    def undo(_transaction: Any) -> None:
        ledger.append("undo slow")

    check = ledger.failing()

    @flow
    def unlucky() -> None:
        with transaction():
            slow.submit()
            try:
                check()
            finally:
                go.set()

    with pytest.raises(ValueError, match="the check failed"):
        unlucky()
    assert ledger == ["slow", "undo slow"]


def test_an_async_block_does_the_same(ledger: Ledger) -> None:
    @task
    async def first() -> None:
        ledger.append("first")

    @first.on_rollback
    async def undo(_transaction: Any) -> None:
        await asyncio.sleep(0)
        ledger.append("undo first")

    @flow
    async def unlucky() -> None:
        async with atransaction():
            await first()
            raise ValueError("late")

    with pytest.raises(ValueError, match="late"):
        asyncio.run(unlucky())
    assert ledger == ["first", "undo first"]


def test_a_member_called_in_a_task_is_undone_with_it(ledger: Ledger) -> None:
    inner, check = ledger.member("inner"), ledger.failing()

    @task
    def outer() -> None:
        inner()

    @flow
    def unlucky() -> None:
        with transaction():
            outer()
            check()

    with pytest.raises(ValueError, match="the check failed"):
        unlucky()
    assert ledger == ["inner", "undo inner"]


def test_a_flow_that_is_retried_runs_undone_members_again(ledger: Ledger) -> None:
    member = ledger.member("member")
    attempts = []

    @flow(retries=1)
    def second_time() -> None:
        attempts.append(1)
        with transaction():
            member()
            if len(attempts) == 1:
                raise ValueError("first time")

    second_time()
    assert ledger == ["member", "undo member", "member", "commit member"]


def test_a_member_is_durable_before_its_first_line(recorded: Any) -> None:
    seen: list[StateType] = []

    @task
    def member() -> None:
        runs = recorded.task_runs(recorded.newest().id)
        seen.extend(runs["member-0"].state.state_type for _ in range(1))

    @member.on_rollback
    def undo(_transaction: Any) -> None: ...

    @flow
    def one() -> None:
        with transaction():
            member()

    one()
    assert len(seen) == 1
