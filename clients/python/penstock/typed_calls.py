"""How flows and tasks are called, as type checkers see it.

A call is checked as that of the function. Beside its parameters there are `return_state`,
`wait_for`, and futures in the place of values, which no signature made of a ParamSpec can say:
for these the first three positional arguments are checked, and the others taken as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Generic,
    Literal,
    Never,
    ParamSpec,
    Protocol,
    TypeAlias,
    TypeVar,
    overload,
)

from penstock.annotations import Annotation, unmapped
from penstock.futures import PenstockFuture
from penstock.states import State

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)
T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
First = TypeVar("First", contravariant=True)

Async: TypeAlias = Coroutine[Any, Any, T]
# What may stand for a value that is yet to come.
Handle: TypeAlias = (
    PenstockFuture[T]
    | State[T]
    | Annotation[Any]
    | list[PenstockFuture[Any]]
    | tuple[PenstockFuture[Any], ...]
)
Waited: TypeAlias = Iterable[Any] | None
# What `map` takes for a parameter: one for all calls, or one for each.
Each: TypeAlias = (
    T
    | Iterable[T]
    | Iterable[PenstockFuture[T]]
    | PenstockFuture[T]
    | PenstockFuture[list[T]]
    | unmapped[T]
    | unmapped[PenstockFuture[T]]
    | Annotation[Any]
)


class Takes(Protocol[P, R_co]):
    """A flow or a task whose function takes and returns these."""

    @property
    def _typed(self) -> Callable[P, R_co]: ...


class Binds(Protocol[First, P, R_co]):
    """A flow or a task whose function takes one thing more, and takes that first."""

    @property
    def _typed(self) -> Callable[Concatenate[First, P], R_co]: ...

    # mypy infers the first parameter only where it need not infer the others.
    @property
    def _typed_first(self) -> Callable[Concatenate[First, ...], Any]: ...


if TYPE_CHECKING:

    class TypedCall(Generic[P, R_co]):
        """What is called as its function is."""

        # `fn` would be taken for a method by some checkers.
        @property
        def _typed(self) -> Callable[P, R_co]: ...
        @property
        def _typed_first(self) -> Callable[P, R_co]: ...

        @overload
        def __call__(self, /, *args: P.args, **kwargs: P.kwargs) -> R_co: ...
        # Only a function whose return type is not known is one of these.
        @overload
        def __call__(
            self: Takes[..., Never], /, *args: Any, return_state: Literal[True], **kwargs: Any
        ) -> State[Any]: ...
        @overload
        def __call__(
            self: Takes[..., Async[T]], /, *, return_state: Literal[True], **kwargs: Any
        ) -> Async[State[T]]: ...
        @overload
        def __call__(
            self: Takes[..., T], /, *, return_state: Literal[True], **kwargs: Any
        ) -> State[T]: ...
        @overload
        def __call__(
            self: Takes[Concatenate[A, ...], Async[T]],
            a: A | Handle[A],
            /,
            *,
            return_state: Literal[True],
            **kwargs: Any,
        ) -> Async[State[T]]: ...
        @overload
        def __call__(
            self: Takes[Concatenate[A, ...], T],
            a: A | Handle[A],
            /,
            *,
            return_state: Literal[True],
            **kwargs: Any,
        ) -> State[T]: ...
        @overload
        def __call__(
            self: Takes[Concatenate[A, B, ...], Async[T]],
            a: A | Handle[A],
            b: B | Handle[B],
            /,
            *,
            return_state: Literal[True],
            **kwargs: Any,
        ) -> Async[State[T]]: ...
        @overload
        def __call__(
            self: Takes[Concatenate[A, B, ...], T],
            a: A | Handle[A],
            b: B | Handle[B],
            /,
            *,
            return_state: Literal[True],
            **kwargs: Any,
        ) -> State[T]: ...
        @overload
        def __call__(
            self: Takes[Concatenate[A, B, C, ...], Async[T]],
            a: A | Handle[A],
            b: B | Handle[B],
            c: C | Handle[C],
            /,
            *args: Any,
            return_state: Literal[True],
            **kwargs: Any,
        ) -> Async[State[T]]: ...
        @overload
        def __call__(
            self: Takes[Concatenate[A, B, C, ...], T],
            a: A | Handle[A],
            b: B | Handle[B],
            c: C | Handle[C],
            /,
            *args: Any,
            return_state: Literal[True],
            **kwargs: Any,
        ) -> State[T]: ...
        @overload
        def __call__(self, /, *args: Any, wait_for: Waited, **kwargs: Any) -> R_co: ...
        @overload
        def __call__(
            self: Takes[Concatenate[A, ...], T], a: Handle[A], /, *args: Any, **kwargs: Any
        ) -> T: ...
        @overload
        def __call__(
            self: Takes[Concatenate[A, B, ...], T],
            a: A,
            b: Handle[B],
            /,
            *args: Any,
            **kwargs: Any,
        ) -> T: ...
        @overload
        def __call__(
            self: Takes[Concatenate[A, B, C, ...], T],
            a: A,
            b: B,
            c: Handle[C],
            /,
            *args: Any,
            **kwargs: Any,
        ) -> T: ...
        def __call__(self, /, *args: Any, **kwargs: Any) -> Any: ...
