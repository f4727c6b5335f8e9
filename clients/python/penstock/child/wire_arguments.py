"""The arguments of a run, as they were given or by their digest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock import connection
from penstock.child.wire_orders import Job
from penstock.engine.wire_payloads import PayloadCodec


def arguments(job: Job) -> Mapping[str, Any]:
    """Return the run's arguments by name; large ones are downloaded."""
    opened = connection.current()
    return opened.loop.run(PayloadCodec(opened).arguments(job.parameters))
