"""What is said of a flow or a task before it is called: its function and its options.

An option is one line here. It is checked when the function is decorated, whichever way it is
given, and everything else, the signature of `@task` and its help among them, is made of it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, partial
from pathlib import PurePath
from types import MethodType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from penstock.ground import option_checks as checks
from penstock.ground.keywords import refuse
from penstock.ground.labels import checked_name

if TYPE_CHECKING:
    from penstock.parameters import Parameters
    from penstock.states import State
    from penstock.task_runners import TaskRunner

    Taken = TypeVar("Taken")
    Kept = TypeVar("Kept")

    class Given(Generic[Taken, Kept]):
        """The type of an option that is kept as another type than it is given."""

        def __get__(self, options: object, kind: type | None = None) -> Kept: ...
        def __set__(self, options: object, value: Taken) -> None: ...

    Hook = Callable[[Any], Any]
    Hooks = Given[Iterable[Hook] | None, tuple[Hook, ...]]
    RetryCondition = Callable[[Any, Any, State[Any]], bool]
    Runner = Given[TaskRunner | type[TaskRunner] | None, TaskRunner | None]
    RunName = str | Callable[[], str]
    Tags = Given[Iterable[str] | None, frozenset[str]]
    Waits = float | Iterable[float]
    Delays = Waits | Callable[[int], Waits]

Options = TypeVar("Options", bound="RunOptions")


def option(default: Any, words: str, check: checks.Check) -> Any:
    """Return a field for an option; None is the same as leaving the option out."""
    return field(default=default, metadata={"words": words, "check": check})


# Each method that `dataclass` writes is compiled at every import, so it writes only these few.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False, init=False)
class RunOptions:
    """Options that flows and tasks have alike."""

    kind: ClassVar[str] = "run"

    name: str | None = option(
        None, "the name that people see; the function's own name if not given.", checks.name
    )
    description: str | None = option(
        None, "a description for people; the function's docstring if not given.", checks.text
    )
    version: str | None = option(None, "for people.", checks.label)
    retries: int = option(0, "how many times a failed run is retried.", checks.retries)
    retry_delay_seconds: Delays | None = option(
        None,
        "how long to wait before each retry, in seconds: one number, a list whose last value "
        "repeats, or a function of `retries` that returns the list.",
        checks.delay,
    )
    timeout_seconds: float | None = option(
        None, "how long one attempt may take; 0 means without limit.", checks.timeout
    )
    log_prints: bool | None = option(
        None,
        "whether `print` writes to the run's log; as in the enclosing run if not given.",
        checks.flag,
    )
    # The waits before each retry; the last one repeats; none means at once.
    delays: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        for each in fields(self):
            if each.init and (given := getattr(self, each.name)) is not each.default:
                check = each.metadata["check"]
                kept = each.default if given is None else check(self.spoken(each.name), given)
                object.__setattr__(self, each.name, kept)
        object.__setattr__(self, "delays", self._delays())

    def _delays(self) -> tuple[float, ...]:
        given: Any = self.retry_delay_seconds
        if not callable(given):
            return given or ()
        return checks.made_delays(self.spoken("retry_delay_seconds"), given, self.retries)

    def __repr__(self) -> str:
        every = ((each, getattr(self, each.name)) for each in fields(self) if each.init)
        told = [f"{each.name}={it!r}" for each, it in every if it is not each.default]
        return f"{type(self).__name__}({', '.join(told)})"

    def spoken(self, name: str) -> str:
        """Return how errors speak of an option."""
        return f"a {self.kind}'s {name}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FlowOptions(RunOptions):
    """What `@flow` takes."""

    kind: ClassVar[str] = "flow"

    flow_run_name: RunName | None = option(
        None,
        "a template over the parameters, or a function that returns the name.",
        checks.run_name,
    )
    task_runner: Runner = option(
        None, "where submitted tasks run; in threads if not given.", checks.task_runner
    )
    validate_parameters: bool = option(
        True,
        "convert arguments to the annotated types, and refuse those that do not fit.",
        checks.flag,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TaskOptions(RunOptions):
    """What `@task` takes."""

    kind: ClassVar[str] = "task"

    tags: Tags = option(frozenset(), "tags of every run.", checks.tags)
    task_run_name: RunName | None = option(
        None,
        "a template over the parameters, or a function that returns the name.",
        checks.run_name,
    )
    retry_jitter_factor: float | None = option(
        None, "make each wait random, at most `delay * (1 + factor)`.", checks.factor
    )
    retry_condition_fn: RetryCondition | None = option(
        None,
        "called with task, task run and failed state; false ends retrying.",
        checks.plain_function,
    )
    on_commit: Hooks = option(
        (), "called with the transaction when it is committed.", checks.hooks
    )
    on_rollback: Hooks = option(
        (),
        "called with the transaction, last one first, to undo a finished call.",
        checks.hooks,
    )


class Declaration:
    """A function and its options: all that the engine knows of a flow or a task."""

    takes: ClassVar[type[RunOptions]] = RunOptions

    def __init__(self, fn: Callable[..., Any], options: RunOptions) -> None:
        checks.check_function(fn, options.kind)
        self.fn, self.options = fn, options
        self.__doc__ = fn.__doc__
        self.__name__: str = getattr(fn, "__name__", type(fn).__name__)
        self.__module__ = fn.__module__
        self.__qualname__: str = getattr(fn, "__qualname__", self.__name__)
        self.__wrapped__ = fn
        self.name: str = options.name or checked_name(options.spoken("name"), self._own_name())
        self.description = options.description or fn.__doc__
        self.isasync = _is_async(fn)
        self._source_digest: bytes | None = None
        self._positional_names: tuple[str, ...] | None = None

    if not TYPE_CHECKING:

        def __get__(self, instance: object, owner: type | None = None) -> Self:
            """In a class body it is a method: it takes the instance first."""
            if instance is None:
                return self
            return type(self)(self.fn.__get__(instance, owner), self.options)

    def with_options(self, **options: Any) -> Self:
        """Return the same function with other options; takes what its decorator takes."""
        check_keywords(self.takes, options)
        return type(self)(self.fn, replace(self.options, **options))

    def is_same(self, other: object) -> bool:
        """Tell whether it is this one; a method is bound anew each time it is looked up."""
        if other is self or type(other) is not type(self):
            return other is self
        mine, theirs = self.fn, other.fn
        return (
            self.options is other.options
            and isinstance(mine, MethodType)
            and isinstance(theirs, MethodType)
            and mine.__self__ is theirs.__self__
            and mine.__func__ is theirs.__func__
        )

    def source_digest(self) -> bytes:
        """Return the digest of the function's source, which tells versions of it apart."""
        if self._source_digest is None:
            from penstock.process.functions import source_digest

            self._source_digest = source_digest(inspect.unwrap(self.fn))
        return self._source_digest

    def positional_names(self) -> tuple[str, ...]:
        """Return the parameters' names in the order of positional arguments."""
        if self._positional_names is None:
            by_name = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD)
            try:
                parameters = inspect.signature(self.fn).parameters.values()
            except (TypeError, ValueError):
                # Some functions that are not written in Python have no signature.
                self._positional_names = ()
            else:
                self._positional_names = tuple(
                    each.name for each in parameters if each.kind not in by_name
                )
        return self._positional_names

    def _own_name(self) -> str:
        return self.__name__

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def __copy__(self) -> Self:
        """As a function is, it is its own copy."""
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce__(self) -> Any:
        """For pickles of any kind, also those that cannot carry a function by value."""
        from penstock.payloads.pickles import portable

        parts = self.__penstock_pickle__()
        return parts if isinstance(parts, str) else portable(self)

    def __penstock_pickle__(self) -> Any:
        """By name, as functions are, if the name leads here; else by value."""
        from penstock.process.functions import at_its_name

        if at_its_name(self) is self:
            return self.__qualname__
        self.source_digest()  # where the copy is loaded, the source may not be
        # What checks parameters is large, and made again when it is asked for.
        state = {name: it for name, it in vars(self).items() if name != "parameters"}
        return object.__new__, (type(self),), state

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Options are read as attributes.

            The hooks of `on_commit` are `on_commit_hooks`, since `on_commit` adds one.
            """
            option = name.removesuffix("_hooks") if name.startswith("on_") else name
            if all(each.name != option for each in fields(self.takes)):
                raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
            return getattr(self.options, option)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *names_of(self.takes)]


class FlowDeclaration(Declaration):
    """A function whose calls are flow runs."""

    takes = FlowOptions
    options: FlowOptions

    def __init__(self, fn: Callable[..., Any], options: FlowOptions | None = None) -> None:
        super().__init__(fn, options or FlowOptions())

    @cached_property
    def parameters(self) -> Parameters:
        """What the function takes."""
        from penstock.parameters import Parameters

        return Parameters(self.fn)

    def _own_name(self) -> str:
        return self.__name__.replace("_", "-")


class TaskDeclaration(Declaration):
    """A function whose calls are task runs."""

    takes = TaskOptions
    options: TaskOptions

    def __init__(self, fn: Callable[..., Any], options: TaskOptions | None = None) -> None:
        super().__init__(fn, options or TaskOptions())
        self.task_key = f"{self.name}@{_file_of(fn)}:{self.__qualname__}"


def names_of(options: type[RunOptions]) -> list[str]:
    """Return the options' names."""
    return [each.name for each in fields(options) if each.init]


def taken(options: type[Options], given: Mapping[str, Any]) -> Options:
    """Return what a decorator was given.

    Raises:
        UnsupportedKeyword: an option is not known, or not supported yet.
        TypeError: an option is of another kind.
        ValueError: an option is out of its bounds.
    """
    check_keywords(options, given)
    return options(**given)


def check_keywords(options: type[RunOptions], given: Mapping[str, Any]) -> None:
    refuse(f"@{options.kind}", set(given).difference(names_of(options)), names_of(options))


def described(options: Any, decorator: Callable[..., Any]) -> Any:
    """Give a decorator's signature and help the options of the class."""
    known = [each for each in fields(options) if each.init]
    words = [f"        {each.name}: {each.metadata['words']}" for each in known]
    if decorator.__doc__ is not None:
        decorator.__doc__ = decorator.__doc__.replace("        {options}", "\n".join(words))
    parameters = [inspect.Parameter("fn", inspect.Parameter.POSITIONAL_ONLY, default=None)]
    for each in known:
        kind, default = inspect.Parameter.KEYWORD_ONLY, each.default
        parameters.append(
            inspect.Parameter(each.name, kind, default=default, annotation=each.type)
        )
    decorator.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return decorator


def _is_async(fn: Any) -> bool:
    """Tell whether calling it gives something to await, as far as that is declared."""
    while isinstance(fn, partial):
        fn = fn.func
    if isinstance(fn, Declaration):
        return fn.isasync
    return inspect.iscoroutinefunction(fn) or inspect.iscoroutinefunction(type(fn).__call__)


def _file_of(fn: Callable[..., Any]) -> str:
    """The file's name alone: a script and its deployment name the same task."""
    code = getattr(inspect.unwrap(fn), "__code__", None)
    return PurePath(code.co_filename).name if code is not None else fn.__module__
