"""What a request wants once, however often it comes."""

from hashlib import sha256
from typing import Protocol

from penstockd.chassis.fields import uuid_of
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
