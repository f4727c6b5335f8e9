"""Where task runs are read."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from penstockd.state.rules.task_run import TaskRun
from penstockd.state.rules.task_run_filter import TaskRunFilter


class TaskRunStore(Protocol):
    async def load(self, namespace: str, task_run_id: UUID) -> TaskRun:
        """Raises TaskRunNotFound."""

    async def page(
        self,
        namespace: str,
        flow_run_id: UUID,
        wanted: TaskRunFilter,
        *,
        after: int,
        limit: int,
    ) -> list[TaskRun]:
        """Return task runs in the order of their calls."""

    async def changed(
        self, namespace: str, flow_run_id: UUID, wanted: TaskRunFilter, *, cursor: str
    ) -> tuple[str, Sequence[TaskRun] | None]:
        """Return task runs as they are that changed after a cursor, and the cursor after them.

        None means that nothing of what was read is wanted, and there is more. Raises
        CursorInvalid and CursorExpired.
        """

    async def left_open(
        self, namespace: str, flow_run_id: UUID, *, limit: int
    ) -> list[TaskRun]:
        """Return task runs that have not ended, the last call first."""
