"""Fields of requests as values; the embedded engine checks no contract before."""

from __future__ import annotations

from uuid import UUID

from penstock.errors import FieldViolation, InvalidArgument


def uuid_of(text: str, field: str) -> UUID:
    """Raises InvalidArgument, which names the field."""
    try:
        return UUID(text)
    except ValueError:
        raise invalid(field, f"must be a UUID, and is {text!r}") from None


def optional_uuid(text: str, field: str) -> UUID | None:
    return uuid_of(text, field) if text else None


def invalid(field: str, why: str) -> InvalidArgument:
    return InvalidArgument(f"{field}: {why}", FieldViolation(field=field, description=why))
