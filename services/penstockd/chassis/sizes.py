"""What is kept of a request stays small enough to come back in an answer.

The fields of the contract have bounds by themselves, and together they could take gigabytes: so
some messages have a bound on the whole, and it holds wherever they stand in a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from penstock.errors import FieldViolation
from penstockd.chassis.max_bytes import MAX_BYTES

# Most requests are smaller as a whole than anything that has a bound.
_SMALLEST = min(MAX_BYTES.values())


def too_large(request: Any) -> list[FieldViolation]:
    """Return the first message in the request that takes more bytes than it may."""
    found = next(_violations(request, ""), None)
    return [found] if found else []


def _violations(message: Any, path: str) -> Iterator[FieldViolation]:
    size = message.ByteSize()
    if size <= _SMALLEST:
        return
    # What is inside first: it says better where the bytes are.
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        for place, inner in _messages(field, value):
            yield from _violations(inner, f"{path}{field.name}{place}.")
    most = MAX_BYTES.get(message.DESCRIPTOR.full_name)
    if most is not None and size > most:
        yield FieldViolation(
            field=path.removesuffix(".") or "request",
            description=f"takes {size:,} bytes, but at most {most:,} are allowed",
        )


def _messages(field: Any, value: Any) -> Iterator[tuple[str, Any]]:
    """Return the messages in a field, each with its place there."""
    # The options of the field would tell, and cost 60 ms to load.
    if hasattr(value, "items"):
        if field.message_type.fields_by_name["value"].message_type is not None:
            yield from ((f'["{ascii(key)[1:-1]}"]', each) for key, each in value.items())
    elif field.is_repeated:
        yield from ((f"[{index}]", each) for index, each in enumerate(value))
    else:
        yield "", value
