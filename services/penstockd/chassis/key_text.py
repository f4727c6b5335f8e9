"""Text by which things are found holds no control characters.

PostgreSQL keeps no NUL, SQLite does, and nobody types or sees the others. Both transports
check it, whatever else they check, so that a key means the same in every store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from penstock.errors import FieldViolation

KEYS = frozenset(
    {
        "namespace",
        "flow_name",
        "flow_names",
        "names",
        "work_pool",
        "work_pools",
        "work_queue",
        "work_queues",
        "idempotency_key",
        "tags",
    }
)
# A reference may also name its thing.
REFERENCE, NAME = "Ref", "name"
_OURS = "penstock."
_find = re.compile(r"[\x00-\x1f\x7f-\x9f]").search


def control_characters(request: Any) -> list[FieldViolation]:
    """Return the keys of a request, and of the messages in it, that hold any."""
    return list(_violations(request, request.DESCRIPTOR, ""))


def _violations(message: Any, descriptor: Descriptor, prefix: str) -> Iterator[FieldViolation]:
    texts, lists, parts = _plan(descriptor)
    for name in texts:
        if found := _find(getattr(message, name)):
            yield _violation(f"{prefix}{name}", found[0])
    for name in lists:
        for index, text in enumerate(getattr(message, name)):
            if found := _find(text):
                yield _violation(f"{prefix}{name}[{index}]", found[0])
    for name, inner in parts:
        if message.HasField(name):
            yield from _violations(getattr(message, name), inner, f"{prefix}{name}.")


@cache
def _plan(descriptor: Descriptor) -> tuple[list[str], list[str], list[tuple[str, Descriptor]]]:
    """Return which fields are keys, which are lists of keys, and which messages may hold some.

    Lists of messages, such as the entries of a journal, carry no keys.
    """
    texts: list[str] = []
    lists: list[str] = []
    parts: list[tuple[str, Descriptor]] = []
    for field in descriptor.fields:
        inner = field.message_type
        if inner is not None and not field.is_repeated and inner.full_name.startswith(_OURS):
            parts.append((field.name, inner))
        elif field.type == FieldDescriptor.TYPE_STRING and _is_key(descriptor, field):
            (lists if field.is_repeated else texts).append(field.name)
    return texts, lists, parts


def _is_key(descriptor: Descriptor, field: FieldDescriptor) -> bool:
    return field.name in KEYS or (field.name == NAME and descriptor.name.endswith(REFERENCE))


def _violation(field: str, character: str) -> FieldViolation:
    text = f"must not hold control characters, such as U+{ord(character):04X}"
    return FieldViolation(field=field, description=text)
