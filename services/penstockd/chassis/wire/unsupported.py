"""What the contract has and this version does not do yet, refused rather than passed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from penstock.errors import NotSupportedYet

# Paths of fields, and whether a message asks for what they say.
Unsupported = Mapping[str, Callable[[Any], bool]]


def refuse_unsupported(message: Any, table: Unsupported, path: str) -> None:
    """Raises NotSupportedYet, which names the field; `path` is where the message stands."""
    for field, asks in table.items():
        if asks(message):
            name = f"{path}.{field}"
            raise NotSupportedYet(f"{name} is not supported yet: leave it out", field=name)
