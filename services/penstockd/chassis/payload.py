"""A value of the user's, as every service holds it: its bytes, or where they are.

Frozen values alone, from the standard library alone, so that rules may hold them too.
"""

from dataclasses import dataclass

JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRef:
    """Bytes that are kept by their digest."""

    sha256: bytes
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """The pointers lead to strings of a JSON text: large integers, and markers of secrets."""

    content_type: str
    data: bytes | ContentRef
    integer_pointers: tuple[str, ...] = ()
    redacted_pointers: tuple[str, ...] = ()
