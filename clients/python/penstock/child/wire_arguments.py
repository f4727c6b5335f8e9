"""The arguments of a run, as they were given or by their digest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.child.wire_orders import Job
from penstock.client.payload_codec import PayloadCodec
from penstock.client.process_connection import process_connection


def arguments(job: Job) -> Mapping[str, Any]:
    """Return the run's arguments by name; large ones are downloaded."""
    opened = process_connection.opened()
    return opened.loop.run(opened.part(PayloadCodec).arguments(job.parameters))
