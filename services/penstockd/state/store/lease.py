"""The SQL implementation: leases, which live in their runs' rows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from penstock.errors import LeaseLost
from penstockd.database import Sql
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import Held, LeasePhase
from penstockd.state.store.ports.lease import Key
from penstockd.state.store.rows.flow_run import flow_run_of
from penstockd.state.store.statement_texts import lease as texts


class SqlLeaseStore:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def ready(
        self, namespace: str, *, work_pool: str, work_queue: str, now: datetime, limit: int
    ) -> list[tuple[FlowRun, bytes]]:
        rows = await self._sql.all(
            texts.READY_FLOW_RUNS,
            namespace=namespace,
            work_pool=work_pool,
            work_queue=work_queue,
            now=now,
            limit=limit,
        )
        return [(flow_run_of(row), row["checkpoint"]) for row in rows]

    async def next_due(
        self, namespace: str, *, work_pool: str, work_queue: str
    ) -> datetime | None:
        row = await self._sql.one(
            texts.NEXT_DUE, namespace=namespace, work_pool=work_pool, work_queue=work_queue
        )
        return row["due"] if row else None

    async def begin(self, run: FlowRun) -> None:
        await self._sql.run(
            texts.BEGIN_LEASE,
            namespace=run.namespace,
            id=run.id,
            revision=run.revision,
            lease_phase=LeasePhase.OFFERED.value,
        )

    async def held(
        self, namespace: str, lease_ids: Sequence[UUID], *, lock: bool
    ) -> dict[UUID, Held]:
        if not lease_ids:
            return {}
        statement = texts.LOCK_HELD_LEASES if lock else texts.HELD_LEASES
        rows = await self._sql.all(statement, namespace=namespace, lease_ids=lease_ids)
        return {
            row["lease_id"]: Held(
                run=flow_run_of(row),
                phase=LeasePhase(row["lease_phase"]),
                checkpoint=row["checkpoint"],
            )
            for row in rows
        }

    async def note(self, held: Held) -> None:
        run = held.run
        written = await self._sql.run(
            texts.NOTE_LEASE,
            namespace=run.namespace,
            id=run.id,
            fence=run.fence,
            lease_phase=held.phase.value,
            checkpoint=held.checkpoint,
            ack_deadline=run.ack_deadline,
        )
        if not written:
            raise LeaseLost("the run has another owner", flow_run_id=str(run.id))

    async def owned_by(self, namespace: str, session_id: UUID) -> list[FlowRun]:
        rows = await self._sql.all(
            texts.OWNED_FLOW_RUNS, namespace=namespace, session_id=session_id
        )
        return [flow_run_of(row) for row in rows]

    async def unacknowledged(self, now: datetime, *, limit: int) -> list[Key]:
        rows = await self._sql.all(texts.UNACKNOWLEDGED, now=now, limit=limit)
        return [(row["namespace"], row["id"]) for row in rows]

    async def overdue(self, now: datetime, *, limit: int) -> list[Key]:
        rows = await self._sql.all(texts.OVERDUE_CANCELS, now=now, limit=limit)
        return [(row["namespace"], row["id"]) for row in rows]
