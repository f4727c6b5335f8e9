"""What is written down of each execution, in the executor's own store."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from penstockd.executor.rules import execution as rules
from penstockd.executor.rules.execution import Execution
from penstockd.executor.rules.work import Work
from penstockd.executor.store import ExecutionStore, ExecutionTransaction

RETENTION = timedelta(days=7)


class ExecutionRecorder:
    """`incarnation` identifies this start of the executor: one store has one live executor."""

    def __init__(
        self, store: ExecutionStore, incarnation: UUID, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._incarnation = incarnation
        self._clock = clock

    async def begin(self, work: Work, *, runtime: str) -> None:
        execution = Execution(
            lease=work.lease,
            namespace=work.namespace,
            flow_run_id=work.flow_run_id,
            incarnation=self._incarnation,
            runtime=runtime,
            start_time=self._clock(),
        )
        await self._store.transact(lambda tx: tx.insert(execution))

    async def running(self, execution_id: UUID, handle: str) -> Execution:
        return await self._move(execution_id, lambda it: rules.running(it, handle))

    async def stopping(self, execution_id: UUID, why: str) -> Execution:
        return await self._move(execution_id, lambda it: rules.stopping(it, why))

    async def ended(
        self, execution_id: UUID, *, message: str, exit_code: int | None, captured_size: int
    ) -> Execution:
        return await self._move(
            execution_id,
            lambda it: rules.ended(
                it,
                at=self._clock(),
                message=message,
                exit_code=exit_code,
                captured_size=captured_size,
            ),
        )

    async def orphaned(self) -> Sequence[Execution]:
        """Return the executions of earlier incarnations, which crashed."""
        return [it for it in await self._store.active() if it.incarnation != self._incarnation]

    async def forget_old(self) -> bool:
        """Tell whether there is more to forget."""
        return await self._store.forget(older_than=self._clock() - RETENTION)

    async def _move(
        self, execution_id: UUID, change: Callable[[Execution], Execution]
    ) -> Execution:
        async def work(tx: ExecutionTransaction) -> Execution:
            before = await tx.load(execution_id)
            after = change(before)
            if after != before:
                await tx.save(after)
            return after

        return await self._store.transact(work)
