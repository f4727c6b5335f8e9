"""JSON Schemas as they may leave the process: without secrets, and with what JSON can say."""

from __future__ import annotations

import math
from typing import Any

# Python reads and writes no longer integers; these have 4,300 digits.
MOST_BITS = 14_284
# A schema travels whole, and a form shows no longer default or description.
LONGEST_TEXT = 10_000


def sayable(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema without endless text and what JSON cannot say: an infinite default."""
    return {name: said for name, each in schema.items() if (said := _said(each)) is not _UNSAID}


_UNSAID: Any = object()


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return sayable(value)
    if isinstance(value, list | tuple):
        several = [_said(each) for each in value]
        return _UNSAID if _UNSAID in several else several
    if isinstance(value, float):
        return value if math.isfinite(value) else _UNSAID
    if isinstance(value, int):
        return value if value.bit_length() <= MOST_BITS else _UNSAID
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT and _is_whole(value) else _UNSAID
    return value


def _is_whole(text: str) -> bool:
    """Python's text may hold halves of characters."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def forget_secret_defaults(whole: dict[str, Any]) -> None:
    """Leave out of the schema what a secret is unless somebody gives one."""
    pending: list[Any] = [whole]
    for each in pending:
        if isinstance(each, dict):
            either = each.get("anyOf")
            shapes = [each, *either] if isinstance(either, list) else [each]
            if any(shape.get("writeOnly") is True for shape in shapes):
                each.pop("default", None)
            pending += each.values()
        elif isinstance(each, list):
            pending += each
