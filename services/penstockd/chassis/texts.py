"""Texts by which things are found are legal on every transport, whatever else is checked.

So a key means the same in every store: PostgreSQL keeps no NUL, and nobody types or sees
control characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from penstock.errors import FieldViolation
from penstockd.chassis.text_fields import FIELDS
from penstockd.chassis.text_kinds import KINDS

Judge = Callable[[Any, str], Iterator[FieldViolation]]


def illegal_texts(request: Any) -> list[FieldViolation]:
    """Return the texts of a request, and of the messages in it, that are not of their kind."""
    return list(_violations(request, request.DESCRIPTOR, ""))


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
        for index, text in enumerate(getattr(message, name)):
            if not fits(text):
                yield FieldViolation(field=f"{prefix}{name}[{index}]", description=words)

    def pairs(message: Any, prefix: str) -> Iterator[FieldViolation]:
        for key, value in getattr(message, name).items():
            if not (fits(key) and fits(value)):
                place = f'{prefix}{name}["{ascii(key)[1:-1]}"]'
                yield FieldViolation(field=place, description=words)

    if field.message_type is not None:
        return pairs
    return each if field.is_repeated else one
