"""The SQL implementation: leases, which live in their runs' rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from penstockd.database import Sql, Statement
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease_report import Held
from penstockd.state.rules.ownership import LeaseRef
from penstockd.state.rules.state import State
from penstockd.state.store.ports.lease import Key, Waiting
from penstockd.state.store.rows.flow_run import flow_run_of
from penstockd.state.store.rows.lease import held_of, held_row, lease_ref_of
from penstockd.state.store.rows.state import state_of, state_row
from penstockd.state.store.statement_texts import lease as texts


class SqlLeaseStore:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def waiting(
        self,
        namespace: str,
        *,
        work_pool: str,
        work_queues: Sequence[str],
        programs: Sequence[str],
    ) -> list[Waiting]:
        rows = await self._sql.all(
            texts.WAITING_PROGRAMS,
            namespace=namespace,
            work_pool=work_pool,
            work_queues=work_queues,
            programs=programs,
        )
        return [Waiting(**row) for row in rows]

    async def ready(
        self,
        namespace: str,
        *,
        work_pool: str,
        work_queue: str,
        program: str,
        now: datetime,
        limit: int,
    ) -> list[tuple[FlowRun, bytes]]:
        rows = await self._sql.all(
            texts.READY_FLOW_RUNS,
            namespace=namespace,
            work_pool=work_pool,
            work_queue=work_queue,
            program=program,
            now=now,
            limit=limit,
        )
        return [(flow_run_of(row), row["checkpoint"]) for row in rows]

    async def begin(self, run: FlowRun) -> None:
        await self._sql.run(
            texts.BEGIN_LEASE, namespace=run.namespace, id=run.id, revision=run.revision
        )

    async def held(
        self, namespace: str, lease_ids: Sequence[UUID], *, lock: bool
    ) -> dict[UUID, Held]:
        if not lease_ids:
            return {}
        statement = texts.LOCK_HELD_LEASES if lock else texts.HELD_LEASES
        rows = await self._sql.all(statement, namespace=namespace, lease_ids=lease_ids)
        return {row["lease_id"]: held_of(row) for row in rows}

    async def acknowledged(self, namespace: str, session_id: UUID) -> list[UUID]:
        rows = await self._sql.all(
            texts.ACKNOWLEDGED_LEASES, namespace=namespace, session_id=session_id
        )
        return [row["lease_id"] for row in rows]

    async def note(self, leases: Sequence[Held]) -> None:
        if leases:
            await self._sql.run_many(texts.NOTE_LEASE, [held_row(it) for it in leases])

    async def runs_under(self, namespace: str, lease_ids: Sequence[UUID]) -> list[FlowRun]:
        rows = await self._sql.all(
            texts.LOCK_FLOW_RUNS_UNDER_LEASES, namespace=namespace, lease_ids=lease_ids
        )
        return [flow_run_of(row) for row in rows]

    async def remember(
        self, namespace: str, left: Mapping[LeaseRef, State], *, at: datetime
    ) -> None:
        rows = [
            {
                "namespace": namespace,
                "lease_id": ref.lease_id,
                "fence": ref.fence,
                "create_time": at,
                **state_row(state),
            }
            for ref, state in left.items()
        ]
        if rows:
            await self._sql.run_many(texts.INSERT_LEASE_OUTCOME, rows)

    async def outcomes(
        self, namespace: str, lease_ids: Sequence[UUID]
    ) -> dict[LeaseRef, State]:
        rows = await self._sql.all(
            texts.LEASE_OUTCOMES, namespace=namespace, lease_ids=lease_ids
        )
        return {lease_ref_of(row): state_of(row) for row in rows}

    async def owned_by(self, namespace: str, session_id: UUID) -> list[FlowRun]:
        rows = await self._sql.all(
            texts.OWNED_FLOW_RUNS, namespace=namespace, session_id=session_id
        )
        return [flow_run_of(row) for row in rows]

    async def unacknowledged(self, now: datetime, *, limit: int) -> list[Key]:
        return await self._keys(texts.UNACKNOWLEDGED, now, limit)

    async def unlisted(self, now: datetime, *, limit: int) -> list[Key]:
        return await self._keys(texts.UNLISTED, now, limit)

    async def overdue(self, now: datetime, *, limit: int) -> list[Key]:
        return await self._keys(texts.OVERDUE_CANCELS, now, limit)

    async def forget(self, *, older_than: datetime, limit: int) -> int:
        """Delete some old outcomes; return how many."""
        return await self._sql.run(
            texts.FORGET_LEASE_OUTCOMES, older_than=older_than, limit=limit
        )

    async def _keys(self, statement: Statement, now: datetime, limit: int) -> list[Key]:
        rows = await self._sql.all(statement, now=now, limit=limit)
        return [(row["namespace"], row["id"]) for row in rows]
