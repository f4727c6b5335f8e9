"""Texts by which things are found are legal on every transport, whatever else is checked.

So a key means the same in every store: PostgreSQL keeps no NUL, and nobody types or sees
control characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from penstock.errors import FieldViolation
from penstockd.chassis.text_fields import FIELDS
from penstockd.chassis.text_kinds import KINDS

# The longest list that the contract has anywhere, and how many violations help anybody.
MOST_ITEMS = 1_000
MOST_TOLD = 5

Judge = Callable[[Any, str], Iterator[FieldViolation]]


def illegal_texts(request: Any) -> list[FieldViolation]:
    """Return the first texts of a request, or a message in it, that are not of their kind."""
    return list(islice(_violations(request, request.DESCRIPTOR, ""), MOST_TOLD))


def pair_of(field: str, key: str) -> str:
    """Return how the pair of a map is named, whatever its key holds."""
    return f'{field}["{ascii(key)[1:-1]}"]'


def _violations(message: Any, descriptor: Descriptor, prefix: str) -> Iterator[FieldViolation]:
    judges, parts = _plan(descriptor)
    for judge in judges:
        yield from judge(message, prefix)
    for name, inner in parts:
        if message.HasField(name):
            yield from _violations(getattr(message, name), inner, f"{prefix}{name}.")


@cache
def _plan(descriptor: Descriptor) -> tuple[list[Judge], list[tuple[str, Descriptor]]]:
    """Return what is judged of a message, and which messages in it are judged too.

    Lists of messages, such as the entries of a journal, hold no keys.
    """
    kinds = FIELDS.get(descriptor.full_name, {})
    judges = [_judge(descriptor.fields_by_name[name], kind) for name, kind in kinds.items()]
    parts = [
        (field.name, field.message_type)
        for field in descriptor.fields
        if field.message_type is not None
        and not field.is_repeated
        and field.message_type.full_name.startswith("penstock.")
    ]
    return judges, parts


def _judge(field: FieldDescriptor, marked: str) -> Judge:
    """A kind that ends with "?" may be left out."""
    name, kind = field.name, KINDS[marked.removesuffix("?")]
    fits, words, optional = kind.fits, kind.words, marked.endswith("?")

    def one(message: Any, prefix: str) -> Iterator[FieldViolation]:
        if field.has_presence and not message.HasField(name):
            return
        text = getattr(message, name)
        if not fits(text) and not (optional and not text):
            yield FieldViolation(field=f"{prefix}{name}", description=words)

    def each(message: Any, prefix: str) -> Iterator[FieldViolation]:
        texts = getattr(message, name)
        if len(texts) > MOST_ITEMS:
            yield _too_many(f"{prefix}{name}")
            return
        for index, text in enumerate(texts):
            if not fits(text):
                yield FieldViolation(field=f"{prefix}{name}[{index}]", description=words)

    def pairs(message: Any, prefix: str) -> Iterator[FieldViolation]:
        held = getattr(message, name)
        if len(held) > MOST_ITEMS:
            yield _too_many(f"{prefix}{name}")
            return
        for key, value in held.items():
            if not (fits(key) and fits(value)):
                yield FieldViolation(field=pair_of(f"{prefix}{name}", key), description=words)

    if field.message_type is not None:
        return pairs
    return each if field.is_repeated else one


def _too_many(field: str) -> FieldViolation:
    return FieldViolation(field=field, description=f"must have at most {MOST_ITEMS} items")
