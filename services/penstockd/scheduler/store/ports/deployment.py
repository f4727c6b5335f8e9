"""Where deployments and their versions are kept."""

from collections.abc import Sequence
from typing import Protocol

from penstockd.scheduler.rules.deployment import Deployment, DeploymentRef


class DeploymentStore(Protocol):
    async def get(self, namespace: str, ref: DeploymentRef) -> Deployment:
        """Return the newest version. Raises DeploymentNotFound."""

    async def lock(self, namespace: str, flow_name: str, name: str) -> Deployment | None:
        """Return the newest version, which nobody else changes until the transaction ends."""

    async def insert(self, deployment: Deployment) -> bool:
        """Add a first version, unless flow and name are taken; then return False."""

    async def save(self, deployment: Deployment) -> None:
        """Add version N after N-1; older ones are kept. Raises RevisionConflict."""

    async def page(
        self, namespace: str, flow_name: str, *, after: tuple[str, str], limit: int
    ) -> Sequence[Deployment]:
        """Return deployments by flow and name; an empty flow name means any."""
