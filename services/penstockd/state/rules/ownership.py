"""Who owns a run."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRef:
    """What a worker shows with everything that it writes."""

    lease_id: UUID
    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """`session_id` and `lease_id` name the owner, or the last one once it is not `owned`.

    `fence` grows by one or more at each change of owner, and when somebody else ends the run:
    what the last owner shows is worth nothing then. A hand-out is acknowledged until
    `ack_deadline`, and a cancel has ended until `cancel_deadline`. `list_deadline` is set once
    the session renews without the lease: it lists it before then, or loses it.
    """

    owned: bool = False
    session_id: UUID | None = None
    lease_id: UUID | None = None
    fence: int = 0
    ack_deadline: datetime | None = None
    cancel_deadline: datetime | None = None
    list_deadline: datetime | None = None

    def shown_by(self, ref: LeaseRef) -> bool:
        """Whether the lease is the current one, or the last one of a run that has ended."""
        return (self.lease_id, self.fence) == (ref.lease_id, ref.fence)


UNOWNED = Ownership()
