"""Grouped side effects: if a member finally fails, what the others did is undone.

`with transaction():` groups the tasks that are called inside, `get_transaction` finds the one
around. How it goes on from there is `penstock.engine.undoing`.
"""

from __future__ import annotations

from enum import StrEnum
from types import TracebackType
from typing import TYPE_CHECKING, Any

from penstock.engine.contexts import current_flow_run, task_run_var
from penstock.engine.final_state import described
from penstock.engine.tasks.gate import own_transaction
from penstock.engine.undoing import (
    CommitMode,
    Transaction,
    TransactionState,
    transaction_var,
)
from penstock.exceptions import UnsupportedKeyword
from penstock.process import forks

if TYPE_CHECKING:
    from concurrent.futures import Future
    from contextvars import Token

__all__ = [
    "CommitMode",
    "IsolationLevel",
    "Transaction",
    "TransactionState",
    "atransaction",
    "get_transaction",
    "transaction",
]


class IsolationLevel(StrEnum):
    """Whether transactions with the same key exclude each other."""

    READ_COMMITTED = "READ_COMMITTED"
    SERIALIZABLE = "SERIALIZABLE"


def get_transaction() -> Transaction | None:
    """Return the transaction that the caller is in; inside a task, the task's own."""
    current, task_run = transaction_var.get(), task_run_var.get()
    if task_run is None or current is not task_run.outer_transaction:
        return current
    return own_transaction(task_run)


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
        # A child that was forked inside neither commits nor undoes what is the parent's.
        self._depth = forks.depth

    def __enter__(self) -> Transaction:
        return self._begin()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if forks.depth != self._depth:
            return
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
            opened.rollback(described(error))
        elif opened.undoing and opened.reason:
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

        if forks.depth != self._depth:
            return
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
