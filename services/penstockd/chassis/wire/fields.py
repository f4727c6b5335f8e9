"""Ids in requests, and how a field that breaks a rule is named.

The embedded engine checks no contract before, so that every reader judges what it reads.
"""

from __future__ import annotations

from uuid import UUID

from penstock.errors import FieldViolation, InvalidArgument


def uuid_of(text: str, field: str) -> UUID:
    """Raises InvalidArgument, which names the field."""
    try:
        return UUID(text)
    except ValueError:
        raise invalid(field, f"must be a UUID, not {text!r}") from None


def optional_uuid(text: str, field: str) -> UUID | None:
    return uuid_of(text, field) if text else None


def text_of(value: UUID | None) -> str:
    """Return how an id stands in a message: empty when there is none."""
    return str(value) if value else ""


def invalid(field: str, why: str) -> InvalidArgument:
    violation = FieldViolation(field=field, description=why)
    return InvalidArgument(f"{field}: {why}", violation, field=field)
