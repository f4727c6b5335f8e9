"""Who did something."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    USER = "USER"
    WORKER = "WORKER"
    SERVICE = "SERVICE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """`id` is a worker's session or a service's name; empty for a person who is not known."""

    kind: ActorKind
    id: str = ""


USER = Actor(kind=ActorKind.USER)
STATE_SERVICE = Actor(kind=ActorKind.SERVICE, id="state")


def worker(session_id: UUID | None) -> Actor:
    """Return the owner of a run as an actor."""
    return Actor(kind=ActorKind.WORKER, id=str(session_id or ""))
