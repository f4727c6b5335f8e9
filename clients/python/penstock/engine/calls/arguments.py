"""Futures and states inside arguments: found, waited for, and replaced by what they brought.

The values are the user's: nothing in them is called that can be read instead, each is looked at
once, and what raises is passed as it is.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from types import MemberDescriptorType
from typing import Any

from penstock.annotations import Annotation, allow_failure, opaque, quote
from penstock.futures import PenstockFuture
from penstock.states import State

# Deeper than this, or behind so many values, nobody looks for futures.
DEEPEST = 12
MOST_VALUES = 200_000

_PLAIN = frozenset((type(None), bool, int, float, complex, str, bytes, bytearray))
_HANDLES = (PenstockFuture, State)
_ROWS = (list, tuple, set, frozenset)
Replace = Callable[[Any, bool], Any]


def is_plain(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """Tell fast that nothing in the arguments needs a look."""
    return _PLAIN.issuperset(map(type, args)) and (
        not kwargs or _PLAIN.issuperset(map(type, kwargs.values()))
    )


def handles_in(
    value: Any, depth: int = 0
) -> list[tuple[PenstockFuture[Any] | State[Any], bool]]:
    """Return the futures and states inside a value, each with whether it may fail.

    `depth` is how deep the value itself is in what is looked through.
    """
    found: list[tuple[PenstockFuture[Any] | State[Any], bool]] = []

    def note(handle: Any, may_fail: bool) -> Any:
        found.append((handle, may_fail))
        return handle

    _Walk(note).replaced(value, False, depth)
    return found


def replaced(value: Any, replace: Replace) -> Any:
    """Return the value with each future and state replaced and each annotation taken off.

    A container is copied only if something in it is replaced.
    """
    return _Walk(replace).replaced(value, False, 0)


class _Walk:
    """One way through a value."""

    def __init__(self, replace: Replace) -> None:
        self._replace = replace
        # What was looked at, kept so that nothing else gets its id, and what came of it.
        self._seen: dict[tuple[int, bool], tuple[Any, Any]] = {}
        self._left = MOST_VALUES

    def replaced(self, value: Any, may_fail: bool, depth: int) -> Any:
        kind = type(value)
        if kind in _PLAIN:
            return value
        look = _look_for(kind)  # type: ignore[arg-type]
        if look is None:
            return value
        if look is _Walk._handle or look is _Walk._unwrapped:
            return look(self, value, may_fail, depth)
        key = (id(value), may_fail)
        if key in self._seen:
            return self._seen[key][1]
        if depth >= DEEPEST or self._left <= 0:
            return value
        # A way back to it finds it as it was.
        self._seen[key] = value, value
        try:
            after = look(self, value, may_fail, depth + 1)
        except Exception:  # noqa: BLE001 - the user's class refuses to be read or copied
            after = value
        self._seen[key] = value, after
        return after

    def _handle(self, value: Any, may_fail: bool, _depth: int) -> Any:
        return self._replace(value, may_fail)

    def _unwrapped(self, value: Any, may_fail: bool, depth: int) -> Any:
        inner = value.value
        if isinstance(value, quote):
            return inner
        if isinstance(value, opaque):
            is_handle = issubclass(type(inner), _HANDLES)
            return self._replace(inner, may_fail) if is_handle else inner
        return self.replaced(inner, may_fail or isinstance(value, allow_failure), depth)

    def _items(self, value: Any, may_fail: bool, depth: int) -> Any:
        before = list(_base_of(type(value), _ROWS).__iter__(value))
        after = self._each(before, may_fail, depth)
        if not _differ(before, after):
            return value
        # A named tuple takes its fields one by one.
        kind = type(value)
        return kind(*after) if hasattr(kind, "_fields") else kind(after)

    def _values(self, value: Any, may_fail: bool, depth: int) -> Any:
        before = list(dict.values(value))
        after = self._each(before, may_fail, depth)
        if not _differ(before, after):
            return value
        items = dict(zip(dict.keys(value), after, strict=True))
        if type(value) is dict:
            return items
        copied = value.copy()
        copied.update(items)
        return copied

    def _fields(self, value: Any, may_fail: bool, depth: int) -> Any:
        before = dict(_stored(value))
        after = self._each(before.values(), may_fail, depth)
        if not _differ(before.values(), after):
            return value
        copied = copy.copy(value)
        for (name, old), new in zip(before.items(), after, strict=True):
            if new is not old:
                object.__setattr__(copied, name, new)
        return copied

    def _each(self, values: Iterable[Any], may_fail: bool, depth: int) -> list[Any]:
        several = list(values)
        self._left -= len(several)
        if _PLAIN.issuperset(map(type, several)):
            return several
        return [self.replaced(each, may_fail, depth) for each in several]


Look = Callable[[_Walk, Any, bool, int], Any]


@lru_cache(maxsize=1024)
def _look_for(kind: type) -> Look | None:
    """Return how values of a class are looked into; its instances are not asked."""
    if issubclass(kind, _HANDLES):
        return _Walk._handle
    if issubclass(kind, Annotation):
        return _Walk._unwrapped
    if issubclass(kind, _ROWS):
        return _Walk._items
    if issubclass(kind, dict):
        return _Walk._values
    own = {name for base in kind.__mro__ for name in vars(base)}
    if not own.isdisjoint(("__dataclass_fields__", "__pydantic_fields__", "model_fields")):
        return _Walk._fields
    return None


def _base_of(kind: type, bases: tuple[type, ...]) -> Any:
    return next(base for base in bases if issubclass(kind, base))


def _stored(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what an instance holds, without asking for what it would only compute."""
    kind = type(value)
    for base in kind.__mro__:
        for name, slot in vars(base).items():
            if type(slot) is MemberDescriptorType:
                try:
                    yield name, slot.__get__(value, kind)
                except AttributeError:
                    continue
    try:
        yield from dict.items(object.__getattribute__(value, "__dict__"))
    except AttributeError:
        return


def _differ(before: Iterable[Any], after: Iterable[Any]) -> bool:
    return any(old is not new for old, new in zip(before, after, strict=True))
