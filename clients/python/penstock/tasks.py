"""The `@task` decorator: a function whose calls are recorded, retried and undone.

Importing this module is cheap; what runs tasks is loaded at the first call.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, overload

from penstock.exceptions import ReservedArgumentError, UnsupportedKeyword
from penstock.ground.labels import checked_name, checked_tags

if TYPE_CHECKING:
    from penstock.engine.tasks.attempts import Delays
    from penstock.engine.undoing import Hook
    from penstock.futures import PenstockFuture, PenstockFutureList
    from penstock.states import State

P = ParamSpec("P")
R = TypeVar("R")

__all__ = ["Task", "exponential_backoff", "task"]

RESERVED = frozenset(("return_state", "wait_for"))
RetryCondition = Callable[["Task[Any, Any]", Any, "State[Any]"], bool]


class Task(Generic[P, R]):
    """A function whose calls are task runs.

    Outside a flow a task runs with its retries, time-out and hooks, but is not recorded.
    """

    def __init__(
        self,
        fn: Callable[P, R],
        *,
        name: str | None = None,
        description: str | None = None,
        tags: Iterable[str] | None = None,
        version: str | None = None,
        task_run_name: str | Callable[[], str] | None = None,
        retries: int = 0,
        retry_delay_seconds: Delays | None = None,
        retry_jitter_factor: float | None = None,
        retry_condition_fn: RetryCondition | None = None,
        timeout_seconds: float | None = None,
        log_prints: bool | None = None,
        on_commit: Sequence[Hook] = (),
        on_rollback: Sequence[Hook] = (),
        **unsupported: Any,
    ) -> None:
        refuse("task", unsupported)
        check_function(fn, "task")
        if retries < 0:
            raise ValueError(f"retries cannot be negative: {retries}")
        if retry_jitter_factor is not None and retry_jitter_factor < 0:
            raise ValueError(f"retry_jitter_factor cannot be negative: {retry_jitter_factor}")
        self.fn = fn
        self.__doc__ = fn.__doc__
        self.__name__ = getattr(fn, "__name__", type(fn).__name__)
        self.__module__ = fn.__module__
        self.__qualname__ = getattr(fn, "__qualname__", self.__name__)
        self.__wrapped__ = fn
        self.name = checked_name("a task's name", name or self.__name__)
        self.description = description or fn.__doc__
        self.tags = checked_tags(tags or ())
        self.version = version
        self.task_run_name = task_run_name
        self.retries = retries
        self.retry_delay_seconds = retry_delay_seconds
        self.retry_jitter_factor = retry_jitter_factor
        self.retry_condition_fn = retry_condition_fn
        self.timeout_seconds = timeout_seconds
        self.log_prints = log_prints
        self.on_commit_hooks: list[Hook] = list(on_commit)
        self.on_rollback_hooks: list[Hook] = list(on_rollback)
        self.isasync = inspect.iscoroutinefunction(fn)
        self.task_key = f"{self.name}@{_file_of(fn)}:{self.__qualname__}"
        self._source_digest: bytes | None = None
        self._delays: tuple[float, ...] | None = None
        self._positional_names: tuple[str, ...] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        from penstock.engine.tasks.task_calls import call_task

        return call_task(self, args, kwargs)  # type: ignore[no-any-return]

    def __get__(self, instance: object, owner: type | None = None) -> Task[P, R]:
        """A task in a class body is a method: it takes the instance first."""
        if instance is None:
            return self
        return self._with(fn=self.fn.__get__(instance, owner))

    def submit(self, *args: Any, **kwargs: Any) -> PenstockFuture[Any]:
        """Begin a call beside the flow, and return a future of it at once.

        Futures among the arguments are waited for first. `wait_for=[…]` waits for others.

        Raises:
            MissingContextError: the caller is not in a flow run.
        """
        from penstock.engine.tasks.task_calls import submit_task

        return submit_task(self, args, kwargs)

    def map(self, *args: Any, **kwargs: Any) -> PenstockFutureList[Any]:
        """Begin one call for each item of the lists given, and return their futures.

        Lists go side by side and must be of one length; what is no list, a text, or wrapped in
        `unmapped` goes to every call.

        Raises:
            MappingLengthMismatch: the lists differ in length.
            MappingMissingIterable: there is no list.
        """
        from penstock.engine.tasks.mapping import map_task

        return map_task(self, args, kwargs)

    def with_options(self, **options: Any) -> Task[P, R]:
        """Return the same task with other options; takes what `@task` takes."""
        refuse("task", {key: it for key, it in options.items() if key not in _OPTIONS})
        return self._with(**options)

    def on_commit(self, fn: Hook) -> Hook:
        """Call `fn(transaction)` when the transaction around a call is committed."""
        self.on_commit_hooks.append(fn)
        return fn

    def on_rollback(self, fn: Hook) -> Hook:
        """Call `fn(transaction)` to undo a call whose transaction is rolled back."""
        self.on_rollback_hooks.append(fn)
        return fn

    def source_digest(self) -> bytes:
        """Return the digest of the function's source, which tells versions of it apart."""
        if self._source_digest is None:
            from penstock.engine.calls.steps import source_digest

            self._source_digest = source_digest(inspect.unwrap(self.fn))
        return self._source_digest

    def positional_names(self) -> tuple[str, ...]:
        """Return the parameters' names in the order of positional arguments."""
        if self._positional_names is None:
            from penstock.engine.calls.upstream import positional_names

            try:
                self._positional_names = positional_names(inspect.signature(self.fn))
            except (TypeError, ValueError):
                # Some functions that are not written in Python have no signature.
                self._positional_names = ()
        return self._positional_names

    def delays(self) -> tuple[float, ...]:
        """Return the waits before each retry, in seconds."""
        if self._delays is None:
            from penstock.engine.tasks.attempts import delays_of

            self._delays = delays_of(self.retries, self.retry_delay_seconds)
        return self._delays

    def _with(self, *, fn: Callable[..., Any] | None = None, **options: Any) -> Task[P, R]:
        own = {
            name: getattr(self, f"{name}_hooks" if name in _HOOKS else name)
            for name in _OPTIONS
        }
        return type(self)(fn or self.fn, **own | options)

    def __repr__(self) -> str:
        return f"Task({self.name!r})"


_HOOKS = frozenset(("on_commit", "on_rollback"))
_OPTIONS = frozenset(
    name
    for name, parameter in inspect.signature(Task.__init__).parameters.items()
    if parameter.kind is parameter.KEYWORD_ONLY
)


@overload
def task(fn: Callable[P, R], /) -> Task[P, R]: ...
@overload
def task(
    *,
    name: str | None = None,
    description: str | None = None,
    tags: Iterable[str] | None = None,
    version: str | None = None,
    task_run_name: str | Callable[[], str] | None = None,
    retries: int = 0,
    retry_delay_seconds: Delays | None = None,
    retry_jitter_factor: float | None = None,
    retry_condition_fn: RetryCondition | None = None,
    timeout_seconds: float | None = None,
    log_prints: bool | None = None,
    on_commit: Sequence[Hook] = (),
    on_rollback: Sequence[Hook] = (),
) -> Callable[[Callable[P, R]], Task[P, R]]: ...
def task(fn: Any = None, /, **options: Any) -> Any:
    """Turn a function into a task: each call becomes a task run.

    Args:
        fn: the function, sync or async.
        name: what people see; the function's own name unless given.
        description: for people; the function's docstring unless given.
        tags: words to find every run by.
        version: for people.
        task_run_name: a template over the parameters, or a function that returns the name.
        retries: how often a failed call is tried again.
        retry_delay_seconds: how long to wait before each retry, in seconds: one number, a
            list whose last value repeats, or a function of `retries` that returns the list.
        retry_jitter_factor: draw each wait at random, at most `delay * (1 + factor)`.
        retry_condition_fn: called with task, task run and failed state; false ends retrying.
        timeout_seconds: how long one attempt may take.
        log_prints: whether `print` writes to the run's log; the flow's choice unless given.
        on_commit: called with the transaction when it is committed.
        on_rollback: called with the transaction, last one first, to undo a finished call.

    Raises:
        UnsupportedKeyword: an option is not known, or not supported yet.
        ReservedArgumentError: the function has a parameter `return_state` or `wait_for`.

    Example:
        >>> from penstock import task
        >>> @task(retries=2, retry_delay_seconds=[0.1, 0.5])
        ... def double(number: int) -> int:
        ...     return 2 * number
        >>> double(21)
        42
    """
    if fn is None:
        return lambda function: Task(function, **options)
    return Task(fn, **options)


def exponential_backoff(backoff_factor: float) -> Callable[[int], list[float]]:
    """Return delays that double: `backoff_factor` seconds, twice that, four times, …

    Example:
        >>> exponential_backoff(2)(4)
        [2, 4, 8, 16]
    """

    def delays(retries: int) -> list[float]:
        return [backoff_factor * 2**retry for retry in range(retries)]

    return delays


def refuse(decorator: str, unsupported: dict[str, Any]) -> None:
    """Name what nobody knows, instead of ignoring it."""
    if unsupported:
        names = ", ".join(sorted(unsupported))
        raise UnsupportedKeyword(f"@{decorator} does not support {names}: leave it out")


def check_function(fn: Any, decorator: str) -> None:
    """Refuse what cannot be decorated.

    Raises:
        TypeError: it is no function, or a generator.
        ReservedArgumentError: a parameter has a name that the call itself needs.
    """
    if isinstance(fn, classmethod | staticmethod):
        kind = type(fn).__name__
        raise TypeError(f"put @{kind} above @{decorator}, so that it is applied last")
    if not callable(fn):
        raise TypeError(f"@{decorator} takes a function, not {fn!r}")
    if inspect.isgeneratorfunction(fn) or inspect.isasyncgenfunction(fn):
        raise TypeError(f"@{decorator} does not support generators yet: return a list")
    code = getattr(inspect.unwrap(fn), "__code__", None)
    if code is not None:
        count = code.co_argcount + code.co_kwonlyargcount
        if taken := RESERVED.intersection(code.co_varnames[:count]):
            raise ReservedArgumentError(
                f"{fn.__name__}() has a parameter {sorted(taken)[0]!r}, which the call needs: "
                "rename it"
            )


def _file_of(fn: Callable[..., Any]) -> str:
    """The file's name alone: a script and its deployment name the same task."""
    code = getattr(inspect.unwrap(fn), "__code__", None)
    return PurePath(code.co_filename).name if code is not None else fn.__module__
