"""Grouped side effects: if a member finally fails, what the others did is undone.

Only the *final* failure of a member rolls a transaction back; an attempt that is retried does
not. Members are undone in reverse order, each exactly once, and the flow run says which.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Sequence
from enum import StrEnum
from types import TracebackType
from typing import TYPE_CHECKING, Any

from penstock.engine.contexts import current_flow_run, task_run_var, transaction_var
from penstock.exceptions import CommitFailed, TransactionRolledBack, UnsupportedKeyword
from penstock.states import NOTHING

if TYPE_CHECKING:
    from concurrent.futures import Future
    from contextvars import Token

    from penstock.engine.contexts import FlowRunContext, TaskRunContext
    from penstock.futures import PenstockFuture

Hook = Callable[["Transaction"], Any]

__all__ = [
    "CommitMode",
    "IsolationLevel",
    "Transaction",
    "TransactionState",
    "atransaction",
    "get_transaction",
    "transaction",
]


class CommitMode(StrEnum):
    """When a transaction is committed."""

    EAGER = "EAGER"
    LAZY = "LAZY"
    OFF = "OFF"


class IsolationLevel(StrEnum):
    """Whether transactions with the same key exclude each other."""

    READ_COMMITTED = "READ_COMMITTED"
    SERIALIZABLE = "SERIALIZABLE"


class TransactionState(StrEnum):
    """How far a transaction is."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    STAGED = "STAGED"
    COMMITTED = "COMMITTED"
    ROLLED_BACK = "ROLLED_BACK"


_OVER = frozenset((TransactionState.COMMITTED, TransactionState.ROLLED_BACK))


class Transaction:
    """A group of members, each a finished task or another transaction."""

    def __init__(
        self,
        *,
        parent: Transaction | None = None,
        commit_mode: CommitMode | None = None,
        member: TaskRunContext | None = None,
    ) -> None:
        inherited = parent.commit_mode if parent else CommitMode.LAZY
        self.parent, self.member = parent, member
        self.commit_mode: CommitMode = commit_mode or inherited
        self.state = TransactionState.ACTIVE
        self.children: list[Transaction] = []
        self.futures: list[PenstockFuture[Any]] = []
        self.reason = ""
        self._values: dict[str, Any] = {}
        self._on_commit: Sequence[Hook] = ()
        self._on_rollback: Sequence[Hook] = ()
        self._lock = threading.Lock()
        self._undoing = False

    def set(self, name: str, value: Any) -> None:
        """Keep a value for the hooks of this transaction and of those inside it."""
        self._values[name] = value

    def get(self, name: str, default: Any = NOTHING) -> Any:
        """Return a copy of a value that was set here or in a transaction around.

        Raises:
            ValueError: nothing was set under this name, and there is no default.
        """
        if name in self._values:
            return copy.deepcopy(self._values[name])
        if self.parent is not None:
            return self.parent.get(name, default)
        if default is NOTHING:
            raise ValueError(f"nothing was set in this transaction under {name!r}")
        return default

    def stage(
        self,
        on_rollback: Sequence[Hook] = (),
        on_commit: Sequence[Hook] = (),
    ) -> None:
        """Say that the work is done, and what commits or undoes it."""
        self._on_rollback, self._on_commit = tuple(on_rollback), tuple(on_commit)
        if self.state not in _OVER:
            self.state = TransactionState.STAGED

    def adopt(self, child: Transaction) -> bool:
        """Take a finished member; when it is too late for that, refuse."""
        with self._lock:
            if self._undoing or self.state in _OVER:
                return False
            self.children.append(child)
            return True

    def commit(self) -> bool:
        """Commit the members in the order of their making, then this transaction itself.

        Raises:
            CommitFailed: a hook raised; its member was undone, the others stay committed.
        """
        failures: list[BaseException] = []
        committed = self._commit(failures)
        if failures:
            names = "; ".join(str(failure) for failure in failures)
            raise CommitFailed(f"a commit hook failed: {names}") from failures[0]
        return committed

    def rollback(self, reason: str = "") -> bool:
        """Undo this transaction and its members, the last one first, going on past failures.

        Returns:
            Whether there was something to undo and all of it was undone.
        """
        with self._lock:
            if self._undoing or self.state in _OVER:
                return False
            self._undoing = True
        self.reason = reason
        undone = self._run_rollback_hooks()
        self.state = TransactionState.ROLLED_BACK
        for child in reversed(self.children):
            undone = child.rollback(reason) and undone
        return undone

    def is_active(self) -> bool:
        return self.state is TransactionState.ACTIVE

    def is_staged(self) -> bool:
        return self.state is TransactionState.STAGED

    def is_committed(self) -> bool:
        return self.state is TransactionState.COMMITTED

    def is_rolled_back(self) -> bool:
        return self.state is TransactionState.ROLLED_BACK

    def check(self) -> None:
        """Raise if nothing more can happen in here.

        Raises:
            TransactionRolledBack: it was undone.
        """
        if self._undoing:
            why = f": {self.reason}" if self.reason else ""
            raise TransactionRolledBack(f"the transaction was rolled back{why}")
        if self.parent is not None:
            self.parent.check()

    def fail(self, reason: str) -> None:
        """A member finally failed: undo this transaction now."""
        self.rollback(reason)

    def _commit(self, failures: list[BaseException]) -> bool:
        if self.state in _OVER:
            return self.is_committed()
        for child in self.children:
            child._commit(failures)
        for hook in self._on_commit:
            try:
                _run_hook(hook, self)
            except Exception as error:  # noqa: BLE001 - a hook is user code
                failures.append(_named(error, self, hook))
                self.rollback(f"{_name_of(hook)} raised {error!r}")
                return False
        with self._lock:
            if self._undoing:
                return False
            self.state = TransactionState.COMMITTED
        return True

    def _run_rollback_hooks(self) -> bool:
        failures: list[str] = []
        for hook in reversed(self._on_rollback):
            try:
                _run_hook(hook, self)
            except Exception as error:  # noqa: BLE001 - a hook is user code
                failures.append(f"{_name_of(hook)} raised {type(error).__name__}: {error}")
        if self.member is not None and self._on_rollback:
            _note(self.member, failures)
        return not failures


def get_transaction() -> Transaction | None:
    """Return the transaction that the caller is in; inside a task, the task's own."""
    current, task_run = transaction_var.get(), task_run_var.get()
    if task_run is None or current is not task_run.outer_transaction:
        return current
    if task_run.own_transaction is None:
        task_run.own_transaction = Transaction(parent=current, member=task_run)
    return task_run.own_transaction


def transaction(
    key: str | None = None,
    *,
    commit_mode: CommitMode | None = None,
    isolation_level: IsolationLevel | None = None,
    **unsupported: Any,
) -> TransactionBlock:
    """Group the tasks that are called inside: all of them count, or none.

    When a task inside finally fails, or the block raises, every finished task with an
    `on_rollback` hook is undone, the last one first. When the block ends well, their
    `on_commit` hooks run. Both take the transaction.

    Args:
        key: not supported yet.
        commit_mode: LAZY (default) commits with the outermost block, EAGER at the end of this
            one, OFF only when `commit()` is called.
        isolation_level: only READ_COMMITTED is supported yet.

    Raises:
        UnsupportedKeyword: a keyword is not known, or not supported yet.
        TransactionRolledBack: at the end of the block, if a failure inside was caught.
        CommitFailed: at the end of the block, if an `on_commit` hook raised.

    Example:
        >>> from penstock import task
        >>> from penstock.transactions import transaction
        >>> done = []
        >>> @task
        ... def book(seat):
        ...     done.append(seat)
        >>> @book.on_rollback
        ... def unbook(txn):
        ...     done.remove(txn.get("seat"))
        >>> try:
        ...     with transaction() as txn:
        ...         txn.set("seat", "4A")
        ...         book("4A")
        ...         raise ValueError("the card was refused")
        ... except ValueError:
        ...     done
        []
    """
    return TransactionBlock(_mode(key, commit_mode, isolation_level, unsupported))


def atransaction(
    key: str | None = None,
    *,
    commit_mode: CommitMode | None = None,
    isolation_level: IsolationLevel | None = None,
    **unsupported: Any,
) -> AsyncTransactionBlock:
    """Group tasks as `transaction` does, for `async with`."""
    return AsyncTransactionBlock(_mode(key, commit_mode, isolation_level, unsupported))


class TransactionBlock:
    """The `with` block of a transaction."""

    def __init__(self, commit_mode: CommitMode | None) -> None:
        self._commit_mode = commit_mode
        self._token: Token[Transaction | None] | None = None

    def __enter__(self) -> Transaction:
        return self._begin()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                for future in self._opened.futures:
                    future.wait()
                if waited := self._barrier():
                    waited.result()
            self._end(error)
        finally:
            self._leave()

    def _begin(self) -> Transaction:
        parent = get_transaction()
        if parent is not None:
            parent.check()
        self._opened = Transaction(parent=parent, commit_mode=self._commit_mode)
        self._token = transaction_var.set(self._opened)
        return self._opened

    def _leave(self) -> None:
        if self._token is not None:
            transaction_var.reset(self._token)

    def _barrier(self) -> Future[None] | None:
        run = current_flow_run()
        if run is None or not self._opened.children or self._opened.is_rolled_back():
            return None
        return run.recorder.barrier()

    def _end(self, error: BaseException | None) -> None:
        opened, parent = self._opened, self._opened.parent
        if error is not None:
            opened.rollback(f"{type(error).__name__}: {error}")
        elif opened._undoing and opened.reason:
            self._undo_around()
            opened.check()
        elif opened.commit_mode is CommitMode.OFF:
            opened.rollback()
        elif opened.commit_mode is CommitMode.EAGER or parent is None:
            opened.commit()
        if parent is None:
            return
        if opened.is_rolled_back():
            if opened.reason:
                self._undo_around()
        elif not parent.adopt(opened):
            opened.rollback(parent.reason)

    def _undo_around(self) -> None:
        """What was undone inside is undone around it too."""
        if self._opened.parent is not None:
            self._opened.parent.fail(self._opened.reason)


class AsyncTransactionBlock(TransactionBlock):
    """The `async with` block of a transaction."""

    async def __aenter__(self) -> Transaction:
        return self._begin()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        import asyncio

        try:
            if error is None:
                for future in self._opened.futures:
                    future.help()
                    await asyncio.wrap_future(future.ended)
                if waited := self._barrier():
                    await asyncio.wrap_future(waited)
            self._end(error)
        finally:
            self._leave()


def _mode(
    key: str | None,
    commit_mode: CommitMode | None,
    isolation_level: IsolationLevel | None,
    unsupported: dict[str, Any],
) -> CommitMode | None:
    if key is not None:
        unsupported = {"key": key} | unsupported
    if isolation_level not in (None, IsolationLevel.READ_COMMITTED):
        unsupported = {"isolation_level": isolation_level} | unsupported
    if unsupported:
        raise UnsupportedKeyword(f"transaction() does not support {', '.join(unsupported)} yet")
    return commit_mode


def _run_hook(hook: Hook, opened: Transaction) -> None:
    """A hook runs outside the transaction that it settles, so that it may call tasks."""
    token = transaction_var.set(None)
    try:
        outcome = hook(opened)
        if hasattr(outcome, "__await__"):
            _await(outcome)
    finally:
        transaction_var.reset(token)


def _await(outcome: Any) -> None:
    """Hooks are settled one after the other, so an async one gets a loop of its own."""
    import asyncio
    import contextvars

    async def wait() -> None:
        await outcome

    context = contextvars.copy_context()
    failures: list[BaseException] = []

    def drive() -> None:
        try:
            context.run(asyncio.run, wait())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            failures.append(error)

    thread = threading.Thread(target=drive, name="penstock-hook")
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


def _note(member: TaskRunContext, failures: Sequence[str]) -> None:
    run: FlowRunContext | None = current_flow_run() or member.run
    if failures:
        text = "; ".join(failures)
        if run is not None:
            run.not_undone.append(f"{member.name} ({text})")
            message = f"{member.name} could not be undone: {text}"
            run.log(40, "penstock.task_runs", message, member.id)
        return
    member.rolled_back()
    if run is not None:
        run.undone.append(member.name)


def _name_of(hook: Hook) -> str:
    return getattr(hook, "__name__", repr(hook))


def _named(error: Exception, opened: Transaction, hook: Hook) -> BaseException:
    member = f" of {opened.member.name}" if opened.member is not None else ""
    error.add_note(f"raised in {_name_of(hook)}{member}")
    return error
