"""What a request wants once, however often it comes."""

from hashlib import sha256
from typing import Protocol
from uuid import UUID

from penstock.errors import FieldViolation, InvalidArgument
from penstockd.scheduler.store import Intent


class Mutation(Protocol):
    namespace: str
    request_id: str

    def SerializeToString(self, *, deterministic: bool = ...) -> bytes: ...


def intent_of(method: str, request: Mutation) -> Intent:
    return Intent(
        namespace=request.namespace,
        method=method,
        request_id=uuid_of(request.request_id, "request_id"),
        request_hash=sha256(request.SerializeToString(deterministic=True)).digest(),
    )


def uuid_of(text: str, field: str) -> UUID:
    """Raises InvalidArgument: in the embedded engine nobody has checked the request."""
    try:
        return UUID(text)
    except ValueError:
        violation = FieldViolation(field=field, description="must be a UUID")
        raise InvalidArgument(
            f"{field} must be a UUID, and is {text!r}", violation, field=field
        ) from None
