"""Secrets of pydantic's among values: recognised, found, refused.

A program that has not loaded pydantic has none, so that looking for them costs it nothing.
"""

from __future__ import annotations

import dataclasses
import sys
import typing
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from penstock.exceptions import ParameterTypeError
from penstock.payloads.pointers import joined
from penstock.payloads.values import REDACTED

_HOMES = ("pydantic.types", "pydantic.v1.types")
_NAMES = ("SecretBytes", "SecretStr", "Secret")
_CONTAINERS = (list, tuple, set, frozenset, deque)


def secret_classes() -> tuple[type, ...]:
    """Return the classes whose values are secret, as far as this process has loaded any."""
    homes = [home for name in _HOMES if (home := sys.modules.get(name)) is not None]
    # Another thread may be half through the import.
    found = [getattr(home, name, None) for home in homes for name in _NAMES]
    return tuple(kind for kind in found if kind is not None)


def is_secret(kind: type) -> bool:
    """Tell whether values of this class are secret."""
    return issubclass(kind, secret_classes())


def reduced(secret: object) -> tuple[type, tuple[str | bytes]]:
    """Return what makes a secret of the same kind that holds a marker only, for pickles."""
    kinds = [kind for kind in secret_classes() if issubclass(type(secret), kind)]
    homes = [sys.modules[kind.__module__] for kind in kinds]
    if kinds[0].__name__ == "SecretBytes":
        return homes[0].SecretBytes, (REDACTED.encode(),)
    return homes[0].SecretStr, (REDACTED,)


def refuse_secrets(values: Mapping[str, Any], secret_names: Iterable[str] = ()) -> None:
    """Check that arguments which the server is to keep hold no secret, at any depth.

    Args:
        values: arguments by name.
        secret_names: parameters that are secret by their annotation, whatever they are given.

    Raises:
        ParameterTypeError: some do; the message says where, and what to do instead.
    """
    found = [name for name in secret_names if values.get(name) is not None]
    found += [
        f"{name} (at {where})" if where else name
        for name, value in values.items()
        if name not in found and (where := secret_within(value)) is not None
    ]
    if found:
        raise ParameterTypeError(
            "the parameters of a deployment are stored, so they must not contain "
            f"secrets: leave out {', '.join(found)}, and let the flow read it where "
            "it runs, from the environment or a secret store"
        )


def secret_within(value: Any) -> str | None:
    """Return where inside the value the first secret is, as a JSON Pointer; none if nowhere.

    Containers, dataclasses and pydantic models are looked through.
    """
    secrets = secret_classes()
    if not secrets:
        return None
    pending, seen = [("", value)], dict[int, Any]()
    while pending:
        pointer, each = pending.pop()
        if isinstance(each, secrets):
            return pointer
        if id(each) in seen:
            continue
        inside = [(joined(pointer, key), item) for key, item in _items(each)]
        if inside:
            # Kept, so that nothing else gets its id.
            seen[id(each)] = each
            pending += reversed(inside)
    return None


def _items(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key), item
            yield str(key), key
    elif isinstance(value, _CONTAINERS):
        yield from enumerate(value)
    elif isinstance(value, type):
        return
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield field.name, getattr(value, field.name, None)
    elif _fields_of_model(type(value)) is not None:
        yield from getattr(value, "__dict__", {}).items()
        yield from (getattr(value, "__pydantic_extra__", None) or {}).items()


def is_secret_hint(hint: Any) -> bool:
    """Tell whether what is annotated so holds a secret, perhaps somewhere inside."""
    secrets = secret_classes()
    if not secrets:
        return False
    pending, seen = [hint], dict[int, Any]()
    while pending:
        each = pending.pop()
        if isinstance(each, type) and issubclass(each, secrets):
            return True
        if id(each) not in seen:
            seen[id(each)] = each
            pending += _hints_inside(each)
    return False


def _hints_inside(hint: Any) -> list[Any]:
    inside = [*typing.get_args(hint), typing.get_origin(hint)]
    inside += [getattr(hint, name, None) for name in ("__value__", "__supertype__")]
    if not isinstance(hint, type):
        return inside
    fields = _fields_of_model(hint)
    if fields is not None:
        return inside + [getattr(field, "annotation", None) for field in fields.values()]
    if dataclasses.is_dataclass(hint) or issubclass(hint, dict | tuple):
        try:
            inside += typing.get_type_hints(hint).values()
        except Exception:  # noqa: BLE001 - some names exist for type checkers only
            return inside
    return inside


def _fields_of_model(kind: type) -> Mapping[str, Any] | None:
    fields = getattr(kind, "__pydantic_fields__", None)
    if fields is None:
        fields = getattr(kind, "__fields__", None)
    return fields if isinstance(fields, Mapping) else None
