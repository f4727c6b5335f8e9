"""Makes messages of a type: legal ones, ones with a fault, wild ones and large ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor, OneofDescriptor
from google.protobuf.message_factory import GetMessageClass

from fuzz.contract import Contract, kind_of
from fuzz.facts import REFERENCE, TOKENS, Told
from fuzz.texts import UUID7
from fuzz.values import SECONDS, FieldValues, Place, Values, is_leaf, setter

NAMESPACES = ("default", "default", "default", "fuzz")
FIRST_ID = f"{UUID7}0"
USUAL_BYTES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """`legal` keeps to the rules; `fill` is how many bytes to fill, if many are wanted."""

    legal: bool = True
    fill: int = 0
    rare: float = 0.1
    """How often a value that is allowed is not a usual one."""


class Composer:
    """Makes messages by the descriptors; `values` are shared, for they are slow to find."""

    def __init__(self, contract: Contract, values: FieldValues) -> None:
        self._contract = contract
        self._values = values
        self._needed: dict[str, frozenset[str]] = {}

    def message(
        self, kind: Descriptor, style: Style, random: Random, told: Told | None = None
    ) -> Any:
        made = GetMessageClass(kind)()
        work = _Work(random=random, style=style, told=told, left=[style.fill or USUAL_BYTES])
        self._fill(made, work)
        return made

    def spoil(self, message: Any, random: Random) -> bool:
        """Put one value that breaks a rule anywhere into the message, if there is one."""
        places = list(_places(message))
        random.shuffle(places)
        for holder, field, place in places:
            if outside := self._values.of(field, place).outside:
                setter(holder, field, place)(random.choice(outside))
                return True
        return False

    def put(self, message: Any, wanted: frozenset[Any], random: Random) -> None:
        """Put these values wherever rules let them, but not in place of what is named."""
        for part in list(parts_of(message)):
            if part.DESCRIPTOR.full_name in SECONDS:
                continue
            for field in part.DESCRIPTOR.fields:
                oneof = field.containing_oneof
                chosen = oneof is None or part.WhichOneof(oneof.name) == field.name
                if chosen and _takes_extremes(field) and random.random() < 0.5:
                    place = Place.ITEM if field.is_repeated else Place.ITSELF
                    inside = self._values.of(field, place).inside
                    if fitting := [each for each in inside if each in wanted]:
                        setter(part, field, place)(random.choice(fitting))

    def leave_out(self, message: Any, path: Sequence[str], random: Random) -> None:
        """Clear the field at this path, also in items of lists, or put another in its place."""
        name, *rest = path
        field = message.DESCRIPTOR.fields_by_name.get(name)
        if field is None or (field.has_presence and not message.HasField(name)):
            return
        if rest:
            if not is_leaf(field) and not _is_map(field):
                held = getattr(message, name)
                for each in held if field.is_repeated else [held]:
                    self.leave_out(each, rest, random)
        elif name not in self._needed_in(message.DESCRIPTOR):
            message.ClearField(name)
            if field.containing_oneof is not None:
                others = [each for each in field.containing_oneof.fields if each is not field]
                work = _Work(random=random, style=Style(), told=None, left=[USUAL_BYTES])
                self._put(message, random.choice(others), work)

    def _fill(self, message: Any, work: _Work) -> None:
        kind = message.DESCRIPTOR
        needed = self._needed_in(kind)
        for oneof in kind.oneofs:
            wanted = oneof.name in needed or any(each.name in needed for each in oneof.fields)
            if wanted or work.chance(0.6):
                self._put(message, _member(oneof, work), work)
        for field in kind.fields:
            if field.containing_oneof is not None or (
                field.name in TOKENS and work.chance(0.8)
            ):
                continue
            if field.is_repeated or field.name in needed or work.wants_more or work.chance(0.4):
                self._put(message, field, work)

    def _put(self, message: Any, field: FieldDescriptor, work: _Work) -> None:
        if not field.is_repeated:
            self._put_one(message, field, work)
            return
        least, _ = self._values.sizes(field)
        for number in range(self._size(field, work)):
            if number >= least and work.left[0] <= 0:
                return
            self._add(message, field, work)

    def _put_one(self, message: Any, field: FieldDescriptor, work: _Work) -> None:
        if is_leaf(field):
            value = self._value(field, Place.ITSELF, work)
            setter(message, field, Place.ITSELF)(value)
            return
        part = getattr(message, field.name)
        part.SetInParent()
        known = work.told.messages.get(kind_of(field).full_name) if work.told else None
        if known and work.chance(0.7):
            part.MergeFromString(known)
            work.left[0] -= len(known)
        else:
            self._fill(part, work)

    def _add(self, message: Any, field: FieldDescriptor, work: _Work) -> None:
        held = getattr(message, field.name)
        if not _is_map(field):
            if is_leaf(field):
                setter(message, field, Place.ITEM)(self._value(field, Place.ITEM, work))
            else:
                self._fill(held.add(), work)
            return
        key = self._value(field, Place.KEY, work)
        if work.style.fill and isinstance(key, str):
            number = str(len(held))
            key = key[: max(1, len(key) - len(number))] + number
        if is_leaf(kind_of(field).fields_by_name["value"]):
            held[key] = self._value(field, Place.VALUE, work)
        else:
            self._fill(held[key], work)

    def _size(self, field: FieldDescriptor, work: _Work) -> int:
        least, most = self._values.sizes(field)
        if work.style.fill:
            return most
        if not work.style.legal and work.chance(0.1):
            return most + 1
        if work.chance(0.02):
            return most if most <= 1_000 else 1_000
        return min(most, least + work.random.choice((0, 0, 1, 2)))

    def _value(self, field: FieldDescriptor, place: Place, work: _Work) -> Any:
        value = self._known(field, place, work)
        if value is None:
            value = work.pick(self._values.of(field, place))
        work.left[0] -= _size_of(value)
        return value

    def _known(self, field: FieldDescriptor, place: Place, work: _Work) -> Any:
        """What the field is about, so that requests get beyond NOT_FOUND."""
        if place in (Place.KEY, Place.VALUE) or not work.chance(0.85):
            return None
        if field.name == "request_id":
            return new_id(work.random)
        known = None
        if work.told is not None and not work.style.fill and REFERENCE.search(field.name):
            known = work.told.value(field)
        if known is None and field.name == "namespace":
            return work.random.choice(NAMESPACES)
        if known is None and self._values.of(field, place).inside[0] == FIRST_ID:
            return new_id(work.random)
        return known if isinstance(known, _type_of(field)) else None

    def _needed_in(self, kind: Descriptor) -> frozenset[str]:
        """The fields and oneofs that a legal message has."""
        found = self._needed.get(kind.full_name)
        if found is None:
            empty = GetMessageClass(kind)()
            found = self._needed[kind.full_name] = frozenset(
                each.proto.field.elements[0].field_name
                for each in self._contract.validator.collect_violations(empty)
                if each.proto.field
            )
        return found


def new_id(random: Random) -> str:
    """Return a UUID of version 7."""
    return (
        f"0190d7f0-{random.getrandbits(16):04x}-7{random.getrandbits(12):03x}"
        f"-8{random.getrandbits(12):03x}-{random.getrandbits(48):012x}"
    )


def parts_of(message: Any) -> Iterator[Any]:
    """The message, and all messages in it."""
    yield message
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if _is_map(field):
            if not is_leaf(field.message_type.fields_by_name["value"]):
                for each in value.values():
                    yield from parts_of(each)
        else:
            for each in value if field.is_repeated else [value]:
                yield from parts_of(each)


def _places(message: Any) -> Iterator[tuple[Any, FieldDescriptor, Place]]:
    """Every place that holds a value, but not those inside of times and spans."""
    for part in parts_of(message):
        if part.DESCRIPTOR.full_name in SECONDS:
            continue
        for field, _ in part.ListFields():
            if _is_map(field):
                yield part, field, Place.KEY
                if is_leaf(field.message_type.fields_by_name["value"]):
                    yield part, field, Place.VALUE
            elif is_leaf(field):
                yield part, field, Place.ITEM if field.is_repeated else Place.ITSELF


def _takes_extremes(field: FieldDescriptor) -> bool:
    return is_leaf(field) and (not REFERENCE.search(field.name) or field.name == "name")


def _member(oneof: OneofDescriptor, work: _Work) -> FieldDescriptor:
    """Of a reference, the id if one is known: names are written in more than one way."""
    ids = [each for each in oneof.fields if each.name.endswith("id")]
    known = [each for each in ids if work.told is not None and work.told.value(each)]
    return work.random.choice(known if known and work.chance(0.85) else oneof.fields)


def _is_map(field: FieldDescriptor) -> bool:
    return bool(field.message_type is not None and field.message_type.GetOptions().map_entry)


def _type_of(field: FieldDescriptor) -> type:
    if field.type == FieldDescriptor.TYPE_BYTES:
        return bytes
    return str if field.cpp_type == FieldDescriptor.CPPTYPE_STRING else int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    random: Random
    style: Style
    told: Told | None
    left: list[int]

    @property
    def wants_more(self) -> bool:
        return self.style.fill > 0

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def pick(self, values: Values) -> Any:
        choices = values.inside
        if not self.style.legal and values.outside and self.chance(0.3):
            choices = values.outside
        elif self.style.fill and isinstance(choices[0], str | bytes):
            choices = self._longest(choices)
        elif not self.chance(self.style.rare):
            choices = choices[:4]
        value = self.random.choice(choices)
        return value if _size_of(value) <= max(self.left[0], 100) else values.inside[0]

    def _longest(self, choices: Sequence[Any]) -> Sequence[Any]:
        fitting = [each for each in choices if _size_of(each) <= self.left[0]] or choices[:1]
        most = max(map(len, fitting))
        return [each for each in fitting if len(each) == most]


def _size_of(value: Any) -> int:
    if isinstance(value, str):
        # At most: an encoding would take longer than it is worth.
        return len(value) * (1 if value.isascii() else 4) + 3
    return len(value) + 3 if isinstance(value, bytes) else 8
