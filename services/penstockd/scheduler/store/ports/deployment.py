"""Where deployments and their versions are kept."""

from collections.abc import Sequence
from typing import Protocol

from penstockd.scheduler.rules.deployment import Deployment, DeploymentFilter, DeploymentRef
from penstockd.scheduler.rules.view import View


class DeploymentStore(Protocol):
    async def get(self, namespace: str, ref: DeploymentRef) -> Deployment:
        """Return the newest version in full. Raises DeploymentNotFound."""

    async def lock(self, namespace: str, flow_name: str, name: str) -> Deployment | None:
        """Return the newest version, which nobody else changes until the transaction ends."""

    async def insert(self, deployment: Deployment) -> bool:
        """Add a first version, unless flow and name are taken; then return False."""

    async def save(self, deployment: Deployment, *, new_version: bool) -> None:
        """Write revision N after N-1; older versions are kept. Raises RevisionConflict."""

    async def page(
        self,
        namespace: str,
        wanted: DeploymentFilter,
        *,
        after: tuple[str, str],
        limit: int,
        view: View,
    ) -> Sequence[Deployment]:
        """Return deployments by flow and name."""

    async def count(self, namespace: str, *, work_pool: str, work_queue: str) -> int:
        """Return how many put their runs there; an empty queue means any of the pool's."""

    async def delete(self, deployment: Deployment) -> None:
        """Delete it with all versions. Raises RevisionConflict."""
