"""Marks around an argument that change how a task call treats it."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")

__all__ = ["Annotation", "allow_failure", "opaque", "quote", "unmapped"]


class Annotation(Generic[T]):
    """Carries one argument and says something about it."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def unwrap(self) -> T:
        return self.value

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value!r})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and bool(self.value == other.value)

    __hash__ = None  # type: ignore[assignment]


class unmapped(Annotation[T]):  # noqa: N801 - reads as a function at the call
    """Give the same value to every call that `map` makes."""

    __slots__ = ()


class allow_failure(Annotation[T]):  # noqa: N801
    """Run even if what the argument comes from failed; the exception is then the value."""

    __slots__ = ()


class quote(Annotation[T]):  # noqa: N801
    """Pass the value as it is, without looking inside for futures."""

    __slots__ = ()


class opaque(Annotation[T]):  # noqa: N801
    """Resolve a future, but do not look inside its result or inside a container."""

    __slots__ = ()
