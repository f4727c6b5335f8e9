"""How a transaction goes: its members finish, then all are committed or all are undone.

Only the *final* failure of a member rolls a transaction back; an attempt that is retried does
not. Members are undone in reverse order, each exactly once, and each is told which it was.
"""

from __future__ import annotations

import copy
import os
import threading
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from penstock.engine.final_state import described
from penstock.exceptions import CommitFailed, TransactionRolledBack
from penstock.ground.cancelling import RunStopped
from penstock.ground.texts import repr_of, text_of
from penstock.states import NOTHING

if TYPE_CHECKING:
    from penstock.futures import PenstockFuture

Hook = Callable[["Transaction"], Any]


class CommitMode(StrEnum):
    """When a transaction is committed."""

    EAGER = "EAGER"
    LAZY = "LAZY"
    OFF = "OFF"


class TransactionState(StrEnum):
    """How far a transaction is."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    STAGED = "STAGED"
    COMMITTED = "COMMITTED"
    ROLLED_BACK = "ROLLED_BACK"


_OVER = frozenset((TransactionState.COMMITTED, TransactionState.ROLLED_BACK))


class Member(Protocol):
    """What a transaction undoes: whoever did it is told what became of it."""

    @property
    def name(self) -> str: ...

    def undone(self) -> None:
        """All its rollback hooks have run."""

    def not_undone(self, why: str) -> None:
        """Some of its rollback hooks raised."""


class Transaction:
    """A group of members, each a finished task or another transaction."""

    def __init__(
        self,
        *,
        parent: Transaction | None = None,
        commit_mode: CommitMode | None = None,
        member: Member | None = None,
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

        What cannot be copied, such as a connection or a lock, is returned itself.

        Raises:
            ValueError: nothing was set under this name, and there is no default.
        """
        if name in self._values:
            return _copied(self._values[name])
        if self.parent is not None:
            return self.parent.get(name, default)
        if default is NOTHING:
            raise ValueError(f"this transaction has no value with the name {name!r}")
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
            names = "; ".join(map(text_of, failures))
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

    @property
    def undoing(self) -> bool:
        """Whether it is being undone, or was."""
        return self._undoing

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
            except (Exception, RunStopped) as error:  # noqa: BLE001 - a hook is user code
                failures.append(_named(error, self, hook))
                self.rollback(f"{_name_of(hook)} raised {repr_of(error)}")
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
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - what else is there is to be undone
                failures.append(f"{_name_of(hook)} raised {described(error)}")
        if self.member is None or not self._on_rollback:
            return not failures
        if failures:
            self.member.not_undone("; ".join(failures))
        else:
            self.member.undone()
        return not failures


def _copied(value: Any) -> Any:
    try:
        return copy.deepcopy(value)
    except Exception:  # noqa: BLE001 - copying runs foreign code, which raises anything
        return value


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


def _name_of(hook: Hook) -> str:
    return getattr(hook, "__name__", repr(hook))


def _named(error: BaseException, opened: Transaction, hook: Hook) -> BaseException:
    member = f" of {opened.member.name}" if opened.member is not None else ""
    error.add_note(f"raised in {_name_of(hook)}{member}")
    return error


transaction_var: ContextVar[Transaction | None] = ContextVar("transaction", default=None)
# The transaction goes on in the parent: a forked child must neither commit nor undo it.
os.register_at_fork(after_in_child=lambda: transaction_var.set(None))
