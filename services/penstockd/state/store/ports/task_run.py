"""Where task runs are read."""

from typing import Protocol
from uuid import UUID

from penstockd.state.rules.task_run import TaskRun


class TaskRunStore(Protocol):
    async def load(self, namespace: str, task_run_id: UUID) -> TaskRun:
        """Raises TaskRunNotFound."""

    async def page(
        self, namespace: str, flow_run_id: UUID, *, after: int, limit: int
    ) -> list[TaskRun]:
        """Return task runs in the order of their calls."""

    async def left_open(
        self, namespace: str, flow_run_id: UUID, *, limit: int
    ) -> list[TaskRun]:
        """Return task runs that have not ended, the last call first."""
