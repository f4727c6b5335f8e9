"""The `@flow` decorator: a function whose calls are flow runs.

Importing this module is cheap; what runs flows is loaded at the first call.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, overload

from penstock.ground.labels import checked_label, checked_name
from penstock.tasks import check_function, refuse

if TYPE_CHECKING:
    from uuid import UUID

    from penstock.engine.tasks.attempts import Delays
    from penstock.parameters import Parameters
    from penstock.task_runners import TaskRunner

P = ParamSpec("P")
R = TypeVar("R")

__all__ = ["Flow", "flow", "load_flow_from_entrypoint"]


class Flow(Generic[P, R]):
    """A function whose calls are flow runs, recorded with everything that happens inside."""

    def __init__(
        self,
        fn: Callable[P, R],
        *,
        name: str | None = None,
        version: str | None = None,
        flow_run_name: str | Callable[[], str] | None = None,
        retries: int = 0,
        retry_delay_seconds: Delays | None = None,
        task_runner: TaskRunner | None = None,
        description: str | None = None,
        timeout_seconds: float | None = None,
        validate_parameters: bool = True,
        log_prints: bool | None = None,
        **unsupported: Any,
    ) -> None:
        refuse("flow", unsupported)
        check_function(fn, "flow")
        if retries < 0:
            raise ValueError(f"retries cannot be negative: {retries}")
        self.fn = fn
        self.__doc__ = fn.__doc__
        self.__name__ = getattr(fn, "__name__", type(fn).__name__)
        self.__module__ = fn.__module__
        self.__qualname__ = getattr(fn, "__qualname__", self.__name__)
        self.__wrapped__ = fn
        self.name = checked_name("a flow's name", name or self.__name__.replace("_", "-"))
        self.version = version and checked_label("a version", version)
        self.flow_run_name = flow_run_name
        self.retries = retries
        self.retry_delay_seconds = retry_delay_seconds
        self.task_runner = task_runner
        self.description = description or fn.__doc__
        self.timeout_seconds = timeout_seconds
        self.validate_parameters = validate_parameters
        self.log_prints = log_prints
        self.isasync = inspect.iscoroutinefunction(fn)
        self._parameters: Parameters | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        from penstock.engine.flows.flow_calls import call_flow

        return call_flow(self, args, kwargs)  # type: ignore[no-any-return]

    def __get__(self, instance: object, owner: type | None = None) -> Flow[P, R]:
        """A flow in a class body is a method: it takes the instance first."""
        if instance is None:
            return self
        return self._with(fn=self.fn.__get__(instance, owner))

    def with_options(self, **options: Any) -> Flow[P, R]:
        """Return the same flow with other options; takes what `@flow` takes."""
        refuse("flow", {key: it for key, it in options.items() if key not in _OPTIONS})
        return self._with(**options)

    def deploy(
        self,
        name: str,
        work_pool_name: str | None = None,
        *,
        work_queue_name: str | None = None,
        parameters: dict[str, Any] | None = None,
        description: str | None = None,
        tags: Iterable[str] = (),
        version: str | None = None,
        print_next_steps: bool = True,
        **unsupported: Any,
    ) -> UUID:
        """Make this flow runnable by a worker of a pool, and return the deployment's id.

        Args:
            name: unique for the flow.
            work_pool_name: the pool whose workers run it; PENSTOCK_DEFAULT_WORK_POOL_NAME
                unless given.
            work_queue_name: the lane in the pool.
            parameters: arguments that a run takes unless it is given others.
            description: for people; the flow's own unless given.
            tags: words to find every run by.
            version: for people; the flow's own unless given.
            print_next_steps: say on standard output how to run it.

        Raises:
            WorkPoolNotFound: there is no such pool.
            ParameterTypeError: a parameter is a secret, or nothing that JSON can say.
            UnsupportedKeyword: an option is not known, or not supported yet.
        """
        from penstock.deployments import deploy_flow

        refuse("flow.deploy", unsupported)
        return deploy_flow(
            self,
            name,
            work_pool=work_pool_name,
            work_queue=work_queue_name,
            parameters=parameters,
            description=description,
            tags=tags,
            version=version,
            say=print_next_steps,
        )

    @property
    def parameters(self) -> Parameters:
        """What the function takes."""
        if self._parameters is None:
            from penstock.parameters import Parameters

            self._parameters = Parameters(self.fn)
        return self._parameters

    def delays(self) -> tuple[float, ...]:
        """Return the waits before each retry, in seconds."""
        from penstock.engine.tasks.attempts import delays_of

        return delays_of(self.retries, self.retry_delay_seconds)

    def _with(self, *, fn: Callable[..., Any] | None = None, **options: Any) -> Flow[P, R]:
        own = {name: getattr(self, name) for name in _OPTIONS}
        return type(self)(fn or self.fn, **own | options)

    def __repr__(self) -> str:
        return f"Flow({self.name!r})"


_OPTIONS = frozenset(
    name
    for name, parameter in inspect.signature(Flow.__init__).parameters.items()
    if parameter.kind is parameter.KEYWORD_ONLY
)


@overload
def flow(fn: Callable[P, R], /) -> Flow[P, R]: ...
@overload
def flow(
    *,
    name: str | None = None,
    version: str | None = None,
    flow_run_name: str | Callable[[], str] | None = None,
    retries: int = 0,
    retry_delay_seconds: Delays | None = None,
    task_runner: TaskRunner | None = None,
    description: str | None = None,
    timeout_seconds: float | None = None,
    validate_parameters: bool = True,
    log_prints: bool | None = None,
) -> Callable[[Callable[P, R]], Flow[P, R]]: ...
def flow(fn: Any = None, /, **options: Any) -> Any:
    """Turn a function into a flow: each call becomes a flow run.

    Args:
        fn: the function, sync or async.
        name: what people see; the function's own name with hyphens unless given.
        version: for people.
        flow_run_name: a template over the parameters, or a function that returns the name.
        retries: how often a failed run is tried again; tasks that finished are not run again.
        retry_delay_seconds: how long to wait before each retry, in seconds: one number, a
            list whose last value repeats, or a function of `retries` that returns the list.
        task_runner: where submitted tasks run; threads unless given.
        description: for people; the function's docstring unless given.
        timeout_seconds: how long one attempt may take.
        validate_parameters: convert arguments to the annotated types, and refuse what does
            not fit.
        log_prints: whether `print` writes to the run's log, in tasks too.

    Raises:
        UnsupportedKeyword: an option is not known, or not supported yet.
        ReservedArgumentError: the function has a parameter `return_state` or `wait_for`.

    Example:
        >>> from penstock import flow, task
        >>> @task
        ... def square(number):
        ...     return number * number
        >>> @flow
        ... def squares(count: int):
        ...     return [square(number) for number in range(count)]
        >>> squares(3)
        [0, 1, 4]
    """
    if fn is None:
        return lambda function: Flow(function, **options)
    return Flow(fn, **options)


def load_flow_from_entrypoint(entrypoint: str) -> Flow[Any, Any]:
    """Return the flow at `path/to/file.py:function` or `package.module:function`.

    Raises:
        EntrypointNotFound: there is no such file, module or name.
        ValueError: it names something else than a flow.
    """
    from penstock.process.entrypoints import load

    found = load(entrypoint)
    if not isinstance(found, Flow):
        what = type(found).__name__.lower()
        raise ValueError(f"{entrypoint} is a {what}, not a flow: decorate one with @flow")  # noqa: TRY004
    return found
