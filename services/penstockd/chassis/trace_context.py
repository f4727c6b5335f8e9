"""The trace that a caller says it belongs to: W3C's traceparent, or nothing.

Whatever else stands in its place is dropped: no call fails for it, and nothing keeps it.
"""

from __future__ import annotations

import re
from typing import Any

KEY = "traceparent"
_TRACEPARENT = re.compile(
    "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)


def traceparent_of(text: object) -> str:
    """Return the text if it is a traceparent; empty when it is none."""
    return text if isinstance(text, str) and _TRACEPARENT.fullmatch(text) else ""


def callers_traceparent(context: Any) -> str:
    """Return that of the call's metadata; empty when it has none."""
    for key, value in context.invocation_metadata() or ():
        if key == KEY:
            return traceparent_of(value)
    return ""
