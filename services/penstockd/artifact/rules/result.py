"""Which publication of a result stands. Pure: no clock, no database, no protobuf."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from penstockd.chassis.payload import Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRef:
    """What a worker shows with everything that it writes."""

    lease_id: UUID
    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    namespace: str
    id: UUID
    flow_run_id: UUID
    lease: LeaseRef
    payload: Payload
    traceparent: str
    create_time: datetime


def says_the_same(published: Result, proposed: Result) -> bool:
    """Tell whether a result that is there is what its owner wants to publish under its id.

    A later owner may say it again: lease, trace and time are those of the first time.
    """
    again = replace(
        proposed,
        lease=published.lease,
        traceparent=published.traceparent,
        create_time=published.create_time,
    )
    return again == published
