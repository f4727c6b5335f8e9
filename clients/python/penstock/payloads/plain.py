"""Which values JSON says exactly, so that Python reads back equal ones of the same types.

These are None, bool, int, finite float, str, list, and dict with str keys, nested; subclasses
of these are not.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, NamedTuple

from penstock.payloads.pointers import joined
from penstock.payloads.secret_values import is_secret
from penstock.payloads.values import JSON, LARGEST_NUMBER, REDACTED, EncodedPayload

# Readers of other languages stop at 100 to 10 000 levels, Python's at its recursion limit.
DEEPEST = 100
# Any Python reads back this many bits, whatever limit its program sets for digits.
LONGEST_INTEGER_BITS = 2048
MOST_POINTERS, LONGEST_POINTERS = 1000, 16_384
# JSON writes a list wherever it is named, and a pickle once: with so many, that is looked into.
MANY = 10_000
# As JSON, more than this takes several times the memory of a pickle.
LARGEST_JSON = 64 * 1024 * 1024

_NONE: type = type(None)
_TEXT, _NUMBERS = {str}, {int, bool}
_SHORT = frozenset((_NONE, bool, float))
_SCALARS = frozenset((_NONE, bool, int, float, str))
_FEW = 8
_to_text = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode


class _NotPlain(Exception):
    """JSON cannot say the value exactly, or not in as many bytes as are wanted."""


def as_json(value: object, limit: int | None = None) -> EncodedPayload | None:
    """Return the value as JSON; nothing if JSON does not say it exactly or takes more bytes."""
    if type(value) is int and -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        return EncodedPayload(JSON, b"%d" % value)
    longest = LARGEST_JSON if limit is None else min(limit, LARGEST_JSON)
    integers: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    try:
        if _needs_rewriting(value, longest):
            value, integers, secrets = _rewritten(value)
        data = _to_text(value).encode()
    except (_NotPlain, ValueError, TypeError, RuntimeError):
        # NaN, half a character, no stack left, or another thread changes it meanwhile.
        return None
    return EncodedPayload(JSON, data, integers, secrets) if len(data) <= longest else None


def _needs_rewriting(value: object, left: int) -> bool:
    """Look through a value, level by level, so that depth and cycles end it.

    Returns:
        Whether something in it must be written as a string that a pointer names.

    Raises:
        _NotPlain: JSON does not say it exactly, or not in as many bytes as are left.
    """
    marked = False
    level: list[Any] = [[value]]
    # The list around the value is not written.
    left += 2
    for _ in range(DEEPEST + 1):
        inside: list[Any] = []
        for container in level:
            left -= 2 * len(container)
            items = container
            if type(container) is dict:
                left -= _characters_of_keys(container)
                items = container.values()
            if left < 0:
                raise _NotPlain
            characters, found = _look_at(items, inside)
            left -= characters
            marked = marked or found
        if not inside:
            return marked
        _check_repeats(inside)
        level = inside
    raise _NotPlain


def _characters_of_keys(container: dict[Any, Any]) -> int:
    characters = 0
    for key in container:
        if type(key) is not str:
            raise _NotPlain
        characters += len(key)
    return characters


def _look_at(items: Collection[Any], inside: list[Any]) -> tuple[int, bool]:
    """Return how long the strings are and whether some item must be rewritten.

    The lists and dicts among the items are added to `inside`.
    """
    if len(items) > _FEW:
        # Many items are mostly of one kind, which needs no loop here.
        kinds = set(map(type, items))
        if kinds == _TEXT:
            return sum(map(len, items)), False
        if kinds <= _NUMBERS:
            return 0, max(items) > LARGEST_NUMBER or min(items) < -LARGEST_NUMBER
        if kinds <= _SHORT:
            return 0, False
    characters, marked = 0, False
    for item in items:
        kind = type(item)
        if kind is str:
            characters += len(item)
        elif kind is int:
            if not -LARGEST_NUMBER <= item <= LARGEST_NUMBER:
                marked = True
        elif kind is list or kind is dict:
            inside.append(item)
        elif kind not in _SHORT:
            if not is_secret(kind):
                raise _NotPlain
            marked = True
    return characters, marked


def _check_repeats(containers: list[Any]) -> None:
    if len(containers) > MANY and 2 * len(set(map(id, containers))) < len(containers):
        raise _NotPlain


class _Rewritten(NamedTuple):
    value: Any
    integers: tuple[str, ...]
    secrets: tuple[str, ...]


def _rewritten(value: Any) -> _Rewritten:
    """Return the value with strings for large integers and secrets, and where these are."""
    holder = [value]
    integers: list[str] = []
    secrets: list[str] = []
    pending: list[tuple[Any, str | None]] = [(holder, None)]
    for container, pointer in pending:
        items = enumerate(container) if type(container) is list else list(container.items())
        for key, item in items:
            kind = type(item)
            if kind is int and -LARGEST_NUMBER <= item <= LARGEST_NUMBER:
                continue
            if kind is not int and kind in _SCALARS:
                continue
            where = "" if pointer is None else joined(pointer, key)
            if kind is list or kind is dict:
                container[key] = item.copy()
                pending.append((container[key], where))
            elif kind is int:
                container[key] = _digits(item)
                integers.append(where)
            else:
                container[key] = REDACTED
                secrets.append(where)
    _check(integers + secrets)
    return _Rewritten(holder[0], tuple(integers), tuple(secrets))


def _digits(number: int) -> str:
    if number.bit_length() > LONGEST_INTEGER_BITS:
        raise _NotPlain
    return str(number)


def _check(pointers: list[str]) -> None:
    if len(pointers) > MOST_POINTERS:
        raise _NotPlain
    if sum(len(pointer.encode()) for pointer in pointers) > LONGEST_POINTERS:
        raise _NotPlain
