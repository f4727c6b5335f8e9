"""Futures and states inside arguments: found, waited for, and replaced by what they brought."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from penstock.annotations import Annotation, allow_failure, opaque, quote
from penstock.futures import PenstockFuture
from penstock.states import State

# Deeper than this, nobody looks for futures.
DEEPEST = 12

_PLAIN = frozenset((type(None), bool, int, float, complex, str, bytes, bytearray))
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

    replaced(value, note, depth=depth)
    return found


def replaced(value: Any, replace: Replace, may_fail: bool = False, depth: int = 0) -> Any:
    """Return the value with each future and state replaced and each annotation taken off.

    A container is copied only if something in it is replaced.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, PenstockFuture | State):
        return replace(value, may_fail)
    if isinstance(value, Annotation):
        return _unwrapped(value, replace, may_fail, depth)
    if depth >= DEEPEST:
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return _items_replaced(value, replace, may_fail, depth)
    if isinstance(value, dict):
        items = {key: replaced(it, replace, may_fail, depth + 1) for key, it in value.items()}
        return _rebuilt(value, items) if _differ(value.values(), items.values()) else value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields_replaced(value, replace, may_fail, depth)
    if hasattr(kind, "model_fields") and hasattr(value, "model_copy"):
        return _model_replaced(value, replace, may_fail, depth)
    return value


def _unwrapped(value: Any, replace: Replace, may_fail: bool, depth: int) -> Any:
    inner = value.value
    if isinstance(value, quote):
        return inner
    if isinstance(value, opaque):
        handle = isinstance(inner, PenstockFuture | State)
        return replace(inner, may_fail) if handle else inner
    may_fail = may_fail or isinstance(value, allow_failure)
    return replaced(inner, replace, may_fail, depth)


def _items_replaced(value: Any, replace: Replace, may_fail: bool, depth: int) -> Any:
    if _PLAIN.issuperset(map(type, value)):
        return value
    items = [replaced(item, replace, may_fail, depth + 1) for item in value]
    if not _differ(value, items):
        return value
    # A named tuple takes its fields one by one.
    return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)


def _fields_replaced(value: Any, replace: Replace, may_fail: bool, depth: int) -> Any:
    changed: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        before = getattr(value, field.name, None)
        after = replaced(before, replace, may_fail, depth + 1)
        if after is not before and field.init:
            changed[field.name] = after
    return dataclasses.replace(value, **changed) if changed else value


def _model_replaced(value: Any, replace: Replace, may_fail: bool, depth: int) -> Any:
    changed: dict[str, Any] = {}
    for name in type(value).model_fields:
        before = getattr(value, name, None)
        after = replaced(before, replace, may_fail, depth + 1)
        if after is not before:
            changed[name] = after
    return value.model_copy(update=changed) if changed else value


def _rebuilt(value: dict[Any, Any], items: dict[Any, Any]) -> Any:
    kind = type(value)
    if kind is dict:
        return items
    copied = value.copy()
    copied.update(items)
    return copied


def _differ(before: Any, after: Any) -> bool:
    return any(old is not new for old, new in zip(before, after, strict=True))
