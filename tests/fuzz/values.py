"""The values of a field: those that the contract allows, and those that it does not.

Both come from its rules: whatever number a rule names is tried, and what lies on either side of
it. Which side is which is for the validator to say, so that no rule is written twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message_factory import GetMessageClass

from fuzz import texts
from fuzz.contract import Contract, kind_of, owner_of

LONGEST_TEXT = 70_000
TIMESTAMP, DURATION = "google.protobuf.Timestamp", "google.protobuf.Duration"
SECONDS = (TIMESTAMP, DURATION)

YEAR_1, YEAR_9999, _NOW = -62_135_596_800, 253_402_300_799, 1_795_000_000
_INT32, _INT64, _UINT64 = 1 << 31, 1 << 63, 1 << 64
_INTEGERS = {
    FieldDescriptor.CPPTYPE_INT32: (-_INT32, _INT32 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-_INT64, _INT64 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, (1 << 32) - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, _UINT64 - 1),
}
_REALS = (0.5, 0.0, -0.0, 1e-320, 1e308, -1e308, float("nan"), float("inf"), -float("inf"))


# What one request may have wherever its rules let it.
EXTREMES: Mapping[str, frozenset[Any]] = {
    "NUL": frozenset({"\0", "a\0b"}),
    "hidden characters": frozenset({"\x1b[2J", "\u202e", "\u2028", "\ufeff", "\x85", "\n"}),
    "year 1": frozenset({(YEAR_1, 0), (YEAR_1 - 1, 0), (YEAR_1 + 1, 0)}),
    "year 9999": frozenset({(YEAR_9999, 0), (YEAR_9999, 999_999_999), (YEAR_9999 + 1, 0)}),
    "huge": frozenset({(_INT64 - 1, 0), (315_576_000_000, 0), (1 << 33, 0), (31_622_400, 0)}),
    "negative": frozenset(
        {(-1, 0), (0, -1), (-86_400, 0), (-315_576_000_000, 0), (-_INT64, 0)}
    ),
    "large numbers": frozenset({_INT64 - 1, _INT64 - 2, _INT32 - 1, _INT32 - 2, 1e308}),
    "least numbers": frozenset({-_INT64, -_INT32, -1, -1e308, float("-inf")}),
}


class Place(StrEnum):
    """Where a value stands in its field."""

    ITSELF = "itself"
    ITEM = "items"
    KEY = "keys"
    VALUE = "values"


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """`inside` begins with what is usual."""

    inside: Sequence[Any]
    outside: Sequence[Any]


class FieldValues:
    """Finds the values of each field once. Times and spans are pairs of seconds and nanos."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._found: dict[tuple[FieldDescriptor, Place], Values] = {}

    def of(self, field: FieldDescriptor, place: Place = Place.ITSELF) -> Values:
        """Return the values of a scalar, an enum, a time or a span."""
        found = self._found.get((field, place))
        if found is None:
            found = self._found[field, place] = self._split(field, place)
        return found

    def sizes(self, field: FieldDescriptor) -> tuple[int, int]:
        """Return the least and the greatest number of items of a list or a map."""
        rules = self._contract.rules(field)
        if rules.HasField("repeated"):
            least, most = rules.repeated.min_items, rules.repeated.max_items
        else:
            least, most = rules.map.min_pairs, rules.map.max_pairs
        return least, most or 1_000

    def _split(self, field: FieldDescriptor, place: Place) -> Values:
        leaf = _leaf(field, place)
        rules = _rules_at(self._contract.rules(field), place)
        inside: list[Any] = []
        outside: list[Any] = []
        for value in dict.fromkeys(_candidates(leaf, set(_numbers(rules)))):
            (inside if self._allows(field, place, value) else outside).append(value)
        if not inside:
            raise LookupError(f"no value fits {field.full_name} {place}: add one to texts.py")
        return Values(inside=tuple(inside), outside=tuple(outside))

    def _allows(self, field: FieldDescriptor, place: Place, value: Any) -> bool:
        message = GetMessageClass(owner_of(field))()
        setter(message, field, place)(value)
        for violation in self._contract.validator.collect_violations(message):
            steps = violation.proto.field.elements if violation.proto.field else []
            if not steps or steps[0].field_name != field.name:
                continue
            if place is Place.ITSELF:
                return False
            about_key = bool(violation.proto.for_key)
            if steps[0].subscript is not None and about_key == (place is Place.KEY):
                return False
        return True


def setter(message: Any, field: FieldDescriptor, place: Place) -> Any:
    """Return the function that puts a value into the message."""
    return partial(_put, message, field, place)


def is_leaf(field: FieldDescriptor) -> bool:
    """Tell whether values stand for it, and not messages made of fields."""
    return field.message_type is None or field.message_type.full_name in SECONDS


def _put(message: Any, field: FieldDescriptor, place: Place, value: Any) -> None:
    held = getattr(message, field.name)
    timed = _leaf(field, place).message_type is not None
    if place is Place.KEY:
        _touch(held, value)
    elif place is Place.VALUE:
        key = _some_key(field)
        if timed:
            _set_seconds(held[key], value)
        else:
            held[key] = value
    elif place is Place.ITEM:
        if timed:
            _set_seconds(held.add(), value)
        else:
            held.append(value)
    elif timed:
        held.SetInParent()
        _set_seconds(held, value)
    else:
        setattr(message, field.name, value)


def _touch(held: Any, key: Any) -> None:
    """A map of messages makes one when it is asked; a map of scalars must be told."""
    if hasattr(held, "GetEntryClass") and is_leaf(
        held.GetEntryClass().DESCRIPTOR.fields_by_name["value"]
    ):
        value = held.GetEntryClass()().value
        held[key] = value
    else:
        held[key].SetInParent()


def _some_key(field: FieldDescriptor) -> Any:
    key = kind_of(field).fields_by_name["key"]
    return "a" if key.cpp_type == FieldDescriptor.CPPTYPE_STRING else 1


def _set_seconds(message: Any, value: tuple[int, int]) -> None:
    message.seconds, message.nanos = value


def _leaf(field: FieldDescriptor, place: Place) -> FieldDescriptor:
    if place in (Place.KEY, Place.VALUE):
        return kind_of(field).fields_by_name["key" if place is Place.KEY else "value"]
    return field


def _rules_at(rules: Any, place: Place) -> Any:
    if place is Place.ITSELF:
        return rules
    holder = rules.repeated if place is Place.ITEM else rules.map
    return getattr(holder, place.value)


def _numbers(rules: Any) -> Iterator[int | float]:
    """Every number that the rules name, at whatever depth, and in their patterns."""
    for field, value in rules.ListFields():
        if field.message_type is not None and not field.is_repeated:
            yield from _numbers(value)
        elif field.name == "pattern":
            # One character stands before most repetitions.
            yield from (int(each) + 1 for each in re.findall(r",(\d+)\}", value))
        elif field.cpp_type in (*_INTEGERS, FieldDescriptor.CPPTYPE_DOUBLE):
            yield from value if field.is_repeated else [value]


def _candidates(field: FieldDescriptor, named: set[int | float]) -> Iterator[Any]:
    around = sorted({int(n) + step for n in named for step in (-1, 0, 1)})
    if field.message_type is not None:
        yield from _times(field.message_type.full_name, around)
    elif field.enum_type is not None:
        yield from [*(value.number for value in field.enum_type.values), -1, 99, _INT32 - 1]
    elif field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        yield from (True, False)
    elif field.cpp_type in _INTEGERS:
        least, most = _INTEGERS[field.cpp_type]
        numbers = [1, *around, 0, 2, -1, 200, most, most - 1, least, (1 << 53) + 1]
        yield from (each for each in numbers if least <= each <= most)
    elif field.cpp_type in (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT):
        yield from [float(each) for each in around]
        yield from _REALS
    elif field.type == FieldDescriptor.TYPE_BYTES:
        yield from texts.DOCUMENTS if field.name == "inline" else _lengths(b"\xff", around)
    else:
        yield from _strings(field, around)


def _times(kind: str, around: Sequence[int]) -> Iterator[tuple[int, int]]:
    usual = (_NOW, 0) if kind == TIMESTAMP else (5, 0)
    yield usual
    yield from ((each, 0) for each in around)
    yield from (
        (0, 1), (0, 0), (1, 0), (1, 500_000_000), (-1, 0), (0, -1), (0, 999_999_999),
        (0, 10**9), (-1, 1),
        (0, -_INT32), (0, _INT32 - 1), (YEAR_1, 0), (YEAR_1 - 1, 0), (YEAR_1 + 1, 0),
        (YEAR_9999, 999_999_999), (YEAR_9999, 0), (YEAR_9999 + 1, 0),
        (YEAR_9999 - 86_400, 0),
        (_NOW * 2, 999), (-_NOW, 0), (315_576_000_000, 0), (-315_576_000_000, 0),
        (315_576_000_001, 0),
        (86_400 * 365 * 1_000, 0), (-86_400, 0), (_INT64 - 1, 0), (-_INT64, 0), (1 << 33, 0),
    )  # fmt: skip


def _lengths(unit: bytes, around: Sequence[int]) -> Iterator[bytes]:
    for size in (*around, 32, 0, 1, 31, 33, 4_096):
        if 0 <= size <= 2_000_000:
            yield unit * size


def _strings(field: FieldDescriptor, around: Sequence[int]) -> Iterator[str]:
    if field.name == "content_type":
        yield from texts.CONTENT_TYPES
    yield from texts.USUAL
    yield from texts.HOSTILE
    for size in around:
        if 0 < size <= LONGEST_TEXT:
            yield from ("a" * size, "é" * size, "😀" * size, "\0" * size)
