"""The arguments of a run, as they were given or by their digest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock import connection
from penstock.child.wire_orders import Job
from penstock.engine.wire_runs import Services


def arguments(job: Job) -> Mapping[str, Any]:
    """Return the run's arguments by name; large ones are downloaded."""
    opened = connection.current()
    value: Mapping[str, Any] = opened.loop.run(Services(opened).value(job.parameters))
    return value
