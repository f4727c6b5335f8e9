"""The `@task` decorator: a function whose calls are recorded, retried and undone.

Importing this module is cheap; what runs tasks is loaded at the first call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Generic,
    Literal,
    ParamSpec,
    Protocol,
    Self,
    TypeVar,
    overload,
)

from penstock.declarations import TaskDeclaration, TaskOptions, described, taken

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
Options = ParamSpec("Options")
Q = ParamSpec("Q")
T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
Function = TypeVar("Function", bound=Callable[..., Any])

if TYPE_CHECKING:
    from penstock.declarations import Hook
    from penstock.futures import PenstockFuture, PenstockFutureList
    from penstock.states import State
    from penstock.typed_calls import Async, Binds, Each, Handle, Takes, TypedCall, Waited

    # Checkers see the options as attributes, which is what a declaration makes of them.
    class Typed(TypedCall[P, R_co], TaskOptions):
        on_commit_hooks: tuple[Hook, ...]
        on_rollback_hooks: tuple[Hook, ...]

        # A class method, a function of the class, a method of an instance, a static method.
        @overload
        def __get__(self: Binds[A, Q, T], instance: object, owner: A) -> Task[Q, T]: ...
        @overload
        def __get__(self, instance: None, owner: type) -> Self: ...
        @overload
        def __get__(
            self: Binds[A, Q, T], instance: A, owner: type | None = None
        ) -> Task[Q, T]: ...
        @overload
        def __get__(self, instance: object, owner: type | None = None) -> Self: ...
        def __get__(self, instance: Any, owner: Any = None) -> Any: ...

    class TaskDecorator(Protocol[Options]):
        """`@task` as type checkers see it, with the options of TaskOptions."""

        # Options are given by name, so no call fits both.
        @overload
        def __call__(self, fn: Callable[P, R], /) -> Task[P, R]: ...  # type: ignore[overload-overlap]
        @overload
        def __call__(
            self, *args: Options.args, **kwargs: Options.kwargs
        ) -> Callable[[Callable[P, R]], Task[P, R]]: ...
else:
    Typed = Generic


__all__ = ["Task", "exponential_backoff", "task"]


class Task(TaskDeclaration, Typed[P, R_co]):
    """A function whose calls are task runs.

    Outside a flow a task runs with its retries, time-out and hooks, but is not recorded; so it
    does in a thread that the flow starts without its context. Its options are attributes of it.
    """

    fn: Callable[P, R_co]

    def __init__(self, fn: Callable[P, R_co], options: TaskOptions | None = None) -> None:
        super().__init__(fn, options)

    if not TYPE_CHECKING:

        def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
            from penstock.engine.tasks.task_calls import call_task

            return call_task(self, args, kwargs)

    # What returns anything may return a coroutine: then the first one is meant.
    @overload
    def submit(  # type: ignore[overload-overlap]
        self: Task[P, Async[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> PenstockFuture[T]: ...
    @overload
    def submit(self, /, *args: P.args, **kwargs: P.kwargs) -> PenstockFuture[R_co]: ...
    @overload
    def submit(
        self: Takes[..., Async[T]], /, *args: Any, return_state: Literal[True], **kwargs: Any
    ) -> State[T]: ...
    @overload
    def submit(
        self, /, *args: Any, return_state: Literal[True], **kwargs: Any
    ) -> State[R_co]: ...
    @overload
    def submit(
        self: Takes[..., Async[T]], /, *args: Any, wait_for: Waited, **kwargs: Any
    ) -> PenstockFuture[T]: ...
    @overload
    def submit(
        self, /, *args: Any, wait_for: Waited, **kwargs: Any
    ) -> PenstockFuture[R_co]: ...
    @overload
    def submit(
        self: Takes[Concatenate[A, ...], Async[T]],
        a: Handle[A],
        /,
        *args: Any,
        **kwargs: Any,
    ) -> PenstockFuture[T]: ...
    @overload
    def submit(
        self: Takes[Concatenate[A, ...], T], a: Handle[A], /, *args: Any, **kwargs: Any
    ) -> PenstockFuture[T]: ...
    @overload
    def submit(
        self: Takes[Concatenate[A, B, ...], Async[T]],
        a: A,
        b: Handle[B],
        /,
        *args: Any,
        **kwargs: Any,
    ) -> PenstockFuture[T]: ...
    @overload
    def submit(
        self: Takes[Concatenate[A, B, ...], T], a: A, b: Handle[B], /, *args: Any, **kwargs: Any
    ) -> PenstockFuture[T]: ...
    @overload
    def submit(
        self: Takes[Concatenate[A, B, C, ...], Async[T]],
        a: A,
        b: B,
        c: Handle[C],
        /,
        *args: Any,
        **kwargs: Any,
    ) -> PenstockFuture[T]: ...
    @overload
    def submit(
        self: Takes[Concatenate[A, B, C, ...], T],
        a: A,
        b: B,
        c: Handle[C],
        /,
        *args: Any,
        **kwargs: Any,
    ) -> PenstockFuture[T]: ...
    def submit(self, /, *args: Any, **kwargs: Any) -> Any:
        """Begin a call beside the flow, and return a future of it at once.

        Futures among the arguments are waited for first. `wait_for=[…]` waits for others.

        Raises:
            MissingContextError: the caller is not in a flow run.
        """
        from penstock.engine.tasks.task_calls import submit_task

        return submit_task(self, args, kwargs)

    @overload
    def map(
        self: Takes[..., Async[T]], /, *args: Any, return_state: Literal[True], **kwargs: Any
    ) -> list[State[T]]: ...
    @overload
    def map(
        self, /, *args: Any, return_state: Literal[True], **kwargs: Any
    ) -> list[State[R_co]]: ...
    @overload
    def map(self: Takes[..., Async[T]], /, **kwargs: Any) -> PenstockFutureList[T]: ...
    @overload
    def map(self, /, **kwargs: Any) -> PenstockFutureList[R_co]: ...
    @overload
    def map(
        self: Takes[Concatenate[A, ...], Async[T]], a: Each[A], /, **kwargs: Any
    ) -> PenstockFutureList[T]: ...
    @overload
    def map(
        self: Takes[Concatenate[A, ...], T], a: Each[A], /, **kwargs: Any
    ) -> PenstockFutureList[T]: ...
    @overload
    def map(
        self: Takes[Concatenate[A, B, ...], Async[T]], a: Each[A], b: Each[B], /, **kwargs: Any
    ) -> PenstockFutureList[T]: ...
    @overload
    def map(
        self: Takes[Concatenate[A, B, ...], T], a: Each[A], b: Each[B], /, **kwargs: Any
    ) -> PenstockFutureList[T]: ...
    @overload
    def map(
        self: Takes[Concatenate[A, B, C, ...], Async[T]],
        a: Each[A],
        b: Each[B],
        c: Each[C],
        /,
        *args: Any,
        **kwargs: Any,
    ) -> PenstockFutureList[T]: ...
    @overload
    def map(
        self: Takes[Concatenate[A, B, C, ...], T],
        a: Each[A],
        b: Each[B],
        c: Each[C],
        /,
        *args: Any,
        **kwargs: Any,
    ) -> PenstockFutureList[T]: ...
    def map(self, /, *args: Any, **kwargs: Any) -> Any:
        """Begin one call for each item of the lists given, and return their futures.

        Lists go side by side and must be of one length; what is no list, a text, or wrapped in
        `unmapped` goes to every call.

        Raises:
            MappingLengthMismatch: the lists differ in length.
            MappingMissingIterable: there is no list.
        """
        from penstock.engine.tasks.mapping import map_task

        return map_task(self, args, kwargs)

    def on_commit(self, fn: Function) -> Function:  # type: ignore[override]
        """Call `fn(transaction)` when the transaction around a call is committed."""
        self.options = replace(self.options, on_commit=(*self.options.on_commit, fn))
        return fn

    def on_rollback(self, fn: Function) -> Function:  # type: ignore[override]
        """Call `fn(transaction)` to undo a call whose transaction is rolled back."""
        self.options = replace(self.options, on_rollback=(*self.options.on_rollback, fn))
        return fn


def _decorator(
    options: Callable[Options, TaskOptions],
) -> Callable[[Callable[..., Any]], TaskDecorator[Options]]:
    return partial(described, options)


@_decorator(TaskOptions)
def task(fn: Any = None, /, **options: Any) -> Any:
    """Turn a function into a task: each call becomes a task run.

    Args:
        fn: the function, sync or async.
        {options}

    Raises:
        UnsupportedKeyword: an option is not known, or not supported yet.
        TypeError, ValueError: an option is of another kind, or out of its bounds.
        ReservedArgumentError: the function has a parameter `return_state` or `wait_for`.

    Example:
        >>> from penstock import task
        >>> @task(retries=2, retry_delay_seconds=[0.1, 0.5])
        ... def double(number: int) -> int:
        ...     return 2 * number
        >>> double(21)
        42
    """
    chosen = taken(TaskOptions, options)
    if fn is None:
        return lambda function: Task(function, chosen)
    return Task(fn, chosen)


def exponential_backoff(backoff_factor: float) -> Callable[[int], list[float]]:
    """Return delays that double: `backoff_factor` seconds, twice that, four times, …

    Example:
        >>> exponential_backoff(2)(4)
        [2, 4, 8, 16]
    """

    def delays(retries: int) -> list[float]:
        return [backoff_factor * 2**retry for retry in range(retries)]

    return delays
