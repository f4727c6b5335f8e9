"""The `@task` decorator: a function whose calls are recorded, retried and undone.

Importing this module is cheap; what runs tasks is loaded at the first call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Protocol, TypeVar, overload

from penstock.declarations import TaskDeclaration, TaskOptions, described, taken

P = ParamSpec("P")
R = TypeVar("R")
Options = ParamSpec("Options")
Function = TypeVar("Function", bound=Callable[..., Any])

if TYPE_CHECKING:
    from penstock.futures import PenstockFuture, PenstockFutureList

    # Checkers see the options as attributes, which is what a declaration makes of them.
    Readable = TaskOptions

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
    Readable = object


__all__ = ["Task", "exponential_backoff", "task"]


class Task(TaskDeclaration, Generic[P, R], Readable):
    """A function whose calls are task runs.

    Outside a flow a task runs with its retries, time-out and hooks, but is not recorded. Its
    options are attributes of it.
    """

    fn: Callable[P, R]

    def __init__(self, fn: Callable[P, R], options: TaskOptions | None = None) -> None:
        super().__init__(fn, options)

    def __call__(self, /, *args: P.args, **kwargs: P.kwargs) -> R:
        from penstock.engine.tasks.task_calls import call_task

        return call_task(self, args, kwargs)  # type: ignore[no-any-return]

    def submit(self, /, *args: Any, **kwargs: Any) -> PenstockFuture[Any]:
        """Begin a call beside the flow, and return a future of it at once.

        Futures among the arguments are waited for first. `wait_for=[…]` waits for others.

        Raises:
            MissingContextError: the caller is not in a flow run.
        """
        from penstock.engine.tasks.task_calls import submit_task

        return submit_task(self, args, kwargs)

    def map(self, /, *args: Any, **kwargs: Any) -> PenstockFutureList[Any]:
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
