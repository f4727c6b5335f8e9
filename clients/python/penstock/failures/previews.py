"""What a function was given, short enough to be shown beside its failure."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import islice
from typing import Any

from penstock.ground.texts import cut, name_of
from penstock.payloads.secret_values import is_secret
from penstock.payloads.values import REDACTED

LONGEST = 200
LONGEST_NAME = 200
MOST_INPUTS = 50
DEEPEST = 5
LONGEST_INTEGER_BITS = 1024

_BRACKETS: dict[type, tuple[str, str]] = {list: ("[", "]"), tuple: ("(", ")"), dict: ("{", "}")}
_SHORT = frozenset((type(None), bool, float))


def inputs_of(
    fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a call's arguments by the names of the parameters, as far as they can be told."""
    try:
        return dict(inspect.signature(fn).bind_partial(*args, **kwargs).arguments)
    except (TypeError, ValueError):
        return {str(position): value for position, value in enumerate(args)} | dict(kwargs)


def previewed(inputs: Mapping[str, Any], secret_names: Collection[str] = ()) -> dict[str, str]:
    """Return each input as a short text, for which no code of the user's runs.

    None, bool, int, float, str, list, tuple and dict are shown as JSON, with round brackets for
    a tuple; others are shown as the name of their type, and secrets not at all.
    """
    return {
        cut(name, LONGEST_NAME): (
            REDACTED if name in secret_names and value is not None else _short(value)
        )
        for name, value in islice(inputs.items(), MOST_INPUTS)
    }


def _short(value: Any) -> str:
    try:
        return cut(_written(value, LONGEST, 0), LONGEST)
    except Exception:  # noqa: BLE001 - another thread changes it, or no stack is left
        return f"<{name_of(type(value))}>"


def _written(value: Any, left: int, depth: int) -> str:
    kind = type(value)
    if kind is str:
        return json.dumps(value[: left + 1], ensure_ascii=False)
    if kind is int and value.bit_length() <= LONGEST_INTEGER_BITS:
        return str(value)
    if kind in _SHORT:
        return json.dumps(value)
    if kind in _BRACKETS and depth < DEEPEST:
        return _container(value, left, depth)
    return REDACTED if is_secret(kind) else f"<{name_of(kind)}>"


def _container(value: Any, left: int, depth: int) -> str:
    opening, closing = _BRACKETS[type(value)]
    parts: list[str] = []
    for text in _parts(value, left, depth):
        parts.append(text)
        left -= len(text) + 2
        if left < 0:
            break
    return f"{opening}{', '.join(parts)}{closing}"


def _parts(value: Any, left: int, depth: int) -> Iterator[str]:
    if type(value) is not dict:
        for item in value:
            yield _written(item, left, depth + 1)
        return
    for key, item in value.items():
        yield f"{_written(key, left, depth + 1)}: {_written(item, left, depth + 1)}"
