"""What tests of the artifact service arrange with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID

from penstockd.artifact.rules.content import Content, ContentKey
from penstockd.artifact.rules.result import LeaseRef, Result
from penstockd.artifact.store import Intent
from penstockd.chassis.ids import uuid7
from penstockd.chassis.payload import ContentRef, Payload

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(hours=24)
MOMENT = timedelta(microseconds=1)
_numbers = count(1)


def an_id() -> UUID:
    return uuid7(NOON, next(_numbers))


def ref_of(data: bytes) -> ContentRef:
    return ContentRef(sha256=sha256(data).digest(), size=len(data))


def key_of(data: bytes, namespace: str = "home") -> ContentKey:
    return ContentKey(namespace=namespace, sha256=sha256(data).digest())


def a_content(data: bytes = b"water", namespace: str = "home") -> Content:
    return Content(namespace=namespace, ref=ref_of(data), create_time=NOON)


def a_result(**changes: Any) -> Result:
    result = Result(
        namespace="home",
        id=an_id(),
        flow_run_id=an_id(),
        lease=LeaseRef(lease_id=an_id(), fence=1),
        payload=Payload(content_type="application/json", data=b"42"),
        traceparent="",
        create_time=NOON,
    )
    return replace(result, **changes)


def an_intent(**changes: Any) -> Intent:
    intent = Intent(
        namespace="home", method="PublishResult", request_id=an_id(), request_hash=b"one"
    )
    return replace(intent, **changes)


class Hands:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by
