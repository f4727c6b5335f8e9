"""The arguments of a run, as they were given or by their digest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock import connection
from penstock.api.type.v1.payload_pb2 import ContentRef, Payload
from penstock.child.orders import Job
from penstock.engine.wire_runs import Services


def arguments(job: Job) -> Mapping[str, Any]:
    """Return the run's arguments by name; large ones are downloaded."""
    payload = Payload(content_type=job.content_type)
    if job.inline is None:
        payload.content.CopyFrom(ContentRef(sha256=job.sha256, size=job.size))
    else:
        payload.inline = job.inline
    opened = connection.current()
    value: Mapping[str, Any] = opened.loop.run(Services(opened).value(payload))
    return value
