"""What people may see and do with the executions of this executor."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from penstockd.executor.rules.execution import Execution, ExecutionPhase
from penstockd.executor.rules.stopping import Cause
from penstockd.executor.store import ExecutionStore
from penstockd.executor.usecases.fleet import Fleet
from penstockd.executor.usecases.recording import ExecutionRecorder

OPERATOR = "stopped by an operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionPage:
    """The executions, and the cursor from which to watch them."""

    executions: Sequence[Execution]
    watch_cursor: str


class Executions:
    def __init__(
        self, store: ExecutionStore, recorder: ExecutionRecorder, fleet: Fleet
    ) -> None:
        self._store = store
        self._recorder = recorder
        self._fleet = fleet

    async def page(
        self, namespace: str, *, active_only: bool, before: UUID | None, limit: int
    ) -> ExecutionPage:
        cursor, found = await self._store.page(
            namespace, active_only=active_only, before=before, limit=limit
        )
        return ExecutionPage(executions=found, watch_cursor=cursor)

    async def get(self, namespace: str, execution_id: UUID) -> Execution:
        return await self._store.load(namespace, execution_id)

    def watch(
        self, namespace: str, cursor: str, *, execution_id: UUID | None
    ) -> AsyncIterator[tuple[str, Sequence[Execution]]]:
        return self._store.watch(namespace, cursor, execution_id=execution_id)

    async def stop(self, namespace: str, execution_id: UUID) -> Execution:
        execution = await self._store.load(namespace, execution_id)
        if execution.phase is ExecutionPhase.ENDED or self._fleet.find(execution_id) is None:
            return execution
        pace = self._fleet.paces.cancel()
        self._fleet.stop(execution_id, Cause.OPERATOR, OPERATOR, pace=pace)
        return await self._recorder.stopping(execution_id, OPERATOR)
