"""The `@flow` decorator: a function whose calls are flow runs.

Importing this module is cheap; what runs flows is loaded at the first call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import (
    TYPE_CHECKING,
    Any,
    Generic,
    ParamSpec,
    Protocol,
    Self,
    TypeVar,
    overload,
)

from penstock.declarations import FlowDeclaration, FlowOptions, described, taken
from penstock.ground.keywords import refuse

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
Options = ParamSpec("Options")
Q = ParamSpec("Q")
T = TypeVar("T")
A = TypeVar("A")

if TYPE_CHECKING:
    from uuid import UUID

    from penstock.typed_calls import Binds, TypedCall

    # Checkers see the options as attributes, which is what a declaration makes of them.
    class Typed(TypedCall[P, R_co], FlowOptions):
        # A class method, a function of the class, a method of an instance, a static method.
        @overload
        def __get__(self: Binds[A, Q, T], instance: object, owner: A) -> Flow[Q, T]: ...
        @overload
        def __get__(self, instance: None, owner: type) -> Self: ...
        @overload
        def __get__(
            self: Binds[A, Q, T], instance: A, owner: type | None = None
        ) -> Flow[Q, T]: ...
        @overload
        def __get__(self, instance: object, owner: type | None = None) -> Self: ...
        def __get__(self, instance: Any, owner: Any = None) -> Any: ...

    class FlowDecorator(Protocol[Options]):
        """`@flow` as type checkers see it, with the options of FlowOptions."""

        # Options are given by name, so no call fits both.
        @overload
        def __call__(self, fn: Callable[P, R], /) -> Flow[P, R]: ...  # type: ignore[overload-overlap]
        @overload
        def __call__(
            self, *args: Options.args, **kwargs: Options.kwargs
        ) -> Callable[[Callable[P, R]], Flow[P, R]]: ...
else:
    Typed = Generic


__all__ = ["Flow", "flow", "load_flow_from_entrypoint"]


class Flow(FlowDeclaration, Typed[P, R_co]):
    """A function whose calls are flow runs, recorded with everything that happens inside.

    Its options are attributes of it.
    """

    fn: Callable[P, R_co]

    def __init__(self, fn: Callable[P, R_co], options: FlowOptions | None = None) -> None:
        super().__init__(fn, options)

    if not TYPE_CHECKING:

        def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
            from penstock.engine.flows.flow_calls import call_flow

            return call_flow(self, args, kwargs)

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


def _decorator(
    options: Callable[Options, FlowOptions],
) -> Callable[[Callable[..., Any]], FlowDecorator[Options]]:
    return partial(described, options)


@_decorator(FlowOptions)
def flow(fn: Any = None, /, **options: Any) -> Any:
    """Turn a function into a flow: each call becomes a flow run.

    Args:
        fn: the function, sync or async.
        {options}

    A flow that is tried again does not run tasks again that finished.

    Raises:
        UnsupportedKeyword: an option is not known, or not supported yet.
        TypeError, ValueError: an option is of another kind, or out of its bounds.
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
    chosen = taken(FlowOptions, options)
    if fn is None:
        return lambda function: Flow(function, chosen)
    return Flow(fn, chosen)


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
        raise ValueError(f"{entrypoint} is a {what}, not a flow: decorate it with @flow")  # noqa: TRY004
    return found
