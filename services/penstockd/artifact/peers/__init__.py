"""What the artifact service asks of others, in domain words."""

from typing import Protocol
from uuid import UUID

from penstockd.artifact.rules.result import LeaseRef


class Leases(Protocol):
    async def check(self, namespace: str, flow_run_id: UUID, lease: LeaseRef) -> None:
        """Return if the lease is the run's current one.

        Raises LeaseLost, FlowRunNotFound, or Unavailable when nobody can tell.
        """
