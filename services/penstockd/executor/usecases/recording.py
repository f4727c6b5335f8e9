"""What is written down of each execution, in the executor's own store."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from penstockd.executor.processes import Processes
from penstockd.executor.rules import execution as rules
from penstockd.executor.rules.execution import Execution, ProcessMark
from penstockd.executor.rules.work import Work
from penstockd.executor.store import ExecutionStore, ExecutionTransaction

RETENTION = timedelta(days=7)
LEFT_BEHIND = "its executor crashed"


class Recorder:
    def __init__(
        self, store: ExecutionStore, processes: Processes, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._processes = processes
        self._clock = clock
        self._keeper = processes.own_mark()

    async def begin(self, work: Work) -> None:
        execution = Execution(
            id=work.lease.lease_id,
            namespace=work.namespace,
            flow_run_id=work.flow_run_id,
            fence=work.lease.fence,
            keeper=self._keeper,
            start_time=self._clock(),
        )
        await self._store.transact(lambda tx: tx.insert(execution))

    async def running(self, execution_id: UUID, process: ProcessMark) -> Execution:
        return await self._move(execution_id, lambda it: rules.running(it, process))

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

    async def end_left_behind(self) -> Sequence[Execution]:
        """End what executors left behind that are no more: nothing of theirs is adopted."""
        left = [
            execution
            for execution in await self._store.active()
            if not self._processes.is_alive(execution.keeper)
        ]
        for execution in left:
            if execution.process is not None:
                self._processes.kill_left_behind(execution.process)
            await self.ended(
                execution.id,
                message=LEFT_BEHIND,
                exit_code=None,
                captured_size=execution.captured_size,
            )
        return left

    async def forget_old(self) -> int:
        return await self._store.forget(ended_before=self._clock() - RETENTION)

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
