"""What runs write."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from penstockd.state.rules.lease import LeaseRef
from penstockd.state.rules.log import LogLine, unknown_lines
from penstockd.state.store import Store, Transaction
from penstockd.state.usecases.flow_run import lost


class Logs:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def append(
        self,
        namespace: str,
        flow_run_id: UUID,
        lease: LeaseRef,
        *,
        source: str,
        lines: Sequence[LogLine],
    ) -> int:
        """Return up to where the lines of this source are kept. Raises LeaseLost.

        Lines of the last owner are taken until there is another one.
        """

        async def work(tx: Transaction) -> int:
            lease_id, attempt = await tx.logs.lock(namespace, flow_run_id)
            if lease_id != lease.lease_id:
                raise lost(flow_run_id)
            kept = await tx.logs.acknowledged(
                namespace, flow_run_id, lease_id=lease_id, source=source
            )
            fresh = [replace(line, attempt=attempt) for line in unknown_lines(lines, kept)]
            if not fresh:
                return kept
            await tx.logs.append(
                namespace, flow_run_id, fresh, lease_id=lease_id, source=source
            )
            return fresh[-1].offset

        return await self._store.write(work)

    async def page(
        self, namespace: str, flow_run_id: UUID, *, after: int, min_level: int, limit: int
    ) -> list[tuple[int, LogLine]]:
        """Return lines with their positions. Raises FlowRunNotFound."""

        async def work(tx: Transaction) -> list[tuple[int, LogLine]]:
            await tx.flow_runs.load(namespace, flow_run_id)
            return await tx.logs.page(
                namespace, flow_run_id, after=after, min_level=min_level, limit=limit
            )

        return await self._store.read(work)
