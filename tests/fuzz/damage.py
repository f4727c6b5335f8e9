"""Bytes that no generated code would send: unknown fields, nesting, floods, cuts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from fuzz.messages import parts_of

SIZES = (64 * 1024, 64 * 1024, 384 * 1024, 4_000_000)
UNKNOWN = 15_000  # a field number that the contract has nowhere
_VARINT, _FIXED64, _BYTES, _GROUP, _END, _FIXED32 = range(6)


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def tag(field: int, wire_type: int) -> bytes:
    return varint(field << 3 | wire_type)


def held(field: int, data: bytes) -> bytes:
    """Return a field that has bytes, a text or a message."""
    return tag(field, _BYTES) + varint(len(data)) + data


def unknown_fields(message: Any, random: Random) -> bytes:
    """Put fields that the contract does not have into some message of the request."""
    size = random.choice((1, 300, *SIZES))
    part = random.choice(list(parts_of(message)))
    part.MergeFromString(held(UNKNOWN, b"u" * size))
    return serialised(message)


def deep_nesting(message: Any, random: Random) -> bytes:
    depth = random.choice((10, 90, 101, 10_000, 200_000))
    if random.random() < 0.5:
        return serialised(message) + tag(UNKNOWN, _GROUP) * depth + tag(UNKNOWN, _END) * depth
    data = b""
    for _ in range(min(depth, 3_000)):
        data = held(UNKNOWN, data)
    return serialised(message) + data


def flood(message: Any, random: Random) -> bytes:
    """Many items of two or three bytes each in one list or map."""
    data = serialised(message)
    lists = [each for each in message.DESCRIPTOR.fields if each.is_repeated]
    if not lists or random.random() < 0.3:
        return _flooded_below(message, random) or data
    field = random.choice(lists)
    return data + held(field.number, b"") * (random.choice(SIZES) // 3)


def wrong_types(message: Any, random: Random) -> bytes:
    """A field of the contract that comes with another wire type."""
    number = random.choice(message.DESCRIPTOR.fields).number
    wrong = (
        tag(number, _VARINT) + varint((1 << 64) - 1),
        tag(number, _FIXED64) + b"\xff" * 8,
        tag(number, _FIXED32) + b"\xff" * 4,
        held(number, b"\xff\xfe\x00"),
        held(number, b"\xed\xa0\x80"),
        tag(number, 7),
    )
    return serialised(message) + random.choice(wrong)


def cut(message: Any, random: Random) -> bytes:
    data = serialised(message)
    return data[: random.randrange(len(data) or 1)]


def flipped(message: Any, random: Random) -> bytes:
    data = bytearray(serialised(message) or b"\0")
    for _ in range(random.choice((1, 1, 2, 8))):
        data[random.randrange(len(data))] = random.getrandbits(8)
    return bytes(data)


def doubled(message: Any, random: Random) -> bytes:
    """Later fields win, lists grow, and of a oneof the last one stays."""
    return serialised(message) * random.choice((2, 3, 50))


def noise(_message: Any, random: Random) -> bytes:
    return random.randbytes(random.choice((0, 1, 2, 10, 1_000)))


def too_large(message: Any, random: Random) -> bytes:
    over = random.choice((1, 1_000_000, 5_000_000))
    return serialised(message) + held(UNKNOWN, b"u" * ((4 << 20) + over))


DAMAGES: Mapping[str, Callable[[Any, Random], bytes]] = {
    "unknown fields": unknown_fields,
    "deep nesting": deep_nesting,
    "flood": flood,
    "wrong wire types": wrong_types,
    "cut": cut,
    "flipped": flipped,
    "doubled": doubled,
    "noise": noise,
    "too large": too_large,
}


def serialised(message: Any) -> bytes:
    return bytes(message.SerializeToString(deterministic=True))


def _flooded_below(message: Any, random: Random) -> bytes:
    """Flood a list of a message that is a field of the request."""
    choices: list[tuple[FieldDescriptor, FieldDescriptor]] = [
        (field, inner)
        for field in message.DESCRIPTOR.fields
        if field.message_type is not None and not field.is_repeated
        for inner in field.message_type.fields
        if inner.is_repeated
    ]
    if not choices:
        return b""
    field, inner = random.choice(choices)
    items = held(inner.number, b"") * (random.choice(SIZES) // 3)
    return serialised(message) + held(field.number, items)
