"""Requests that are to have one effect however often they come, and how a replay is told."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from penstockd.chassis.wire.fields import uuid_of
from penstockd.chassis.wire.messages import packed
from penstockd.database.request_log import Answer, Intent

REPLAYED = (("x-replayed", "1"),)


def intent_of(request: Any, body: bytes | None = None) -> Intent:
    """Return the intent of a request, whose body may be packed already.

    `CreateFlowRunRequest` is the request of the method CreateFlowRun.
    """
    return Intent(
        namespace=request.namespace,
        method=request.DESCRIPTOR.name.removesuffix("Request"),
        request_id=uuid_of(request.request_id, "request_id"),
        request_hash=sha256(packed(request) if body is None else body).digest(),
    )


def tell_replay(context: Any, answer: Answer) -> None:
    """Say in the trailing metadata that this is the answer to an earlier call."""
    if answer.replayed:
        context.set_trailing_metadata(REPLAYED)
