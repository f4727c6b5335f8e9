"""How flow runs are made, found, watched and counted."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from penstock.errors import (
    FieldViolation,
    IdempotencyKeyReused,
    InvalidArgument,
    LeaseLost,
    RevisionConflict,
)
from penstockd.state.rules.actor import Actor, worker
from penstockd.state.rules.flow import Flow
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.flow_run_filter import FlowRunFilter
from penstockd.state.rules.lease import Lease, LeasePhase, created_for, lease_of
from penstockd.state.rules.names import two_words
from penstockd.state.rules.run_spec import RunSpec
from penstockd.state.rules.state import S, state
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.view import View
from penstockd.state.rules.worker_session import SessionKind
from penstockd.state.store import Answer, Intent, Store, Transaction
from penstockd.state.store.ports.flow_run import FlowRunCount, FlowRunGroup
from penstockd.state.usecases.sources import Sources
from penstockd.state.usecases.usage import Allowance
from penstockd.state.usecases.worker_session import open_session

# One answer holds them.
MOST_COUNTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionClaim:
    session_id: UUID
    kind: SessionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFlowRun:
    """What a caller wants to run."""

    spec: RunSpec
    name: str = ""
    parent_flow_run_id: UUID | None = None
    parent_task_run_id: UUID | None = None
    deployment_id: UUID | None = None
    deployment_version: int = 0
    expected_start_time: datetime | None = None
    idempotency_key: str | None = None
    traceparent: str = ""
    claim: SessionClaim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """The run, the lease of whoever claimed it, and the cursor from which to watch it.

    `is_new` is False when an earlier request with its idempotency key had made it.
    """

    flow_run: FlowRun
    cursor: str
    is_new: bool
    lease: Lease | None = None


class FlowRuns:
    def __init__(
        self, store: Store, sources: Sources, terms: Terms, allowance: Allowance
    ) -> None:
        self._store = store
        self._sources = sources
        self._terms = terms
        self._allowance = allowance

    async def create(
        self,
        intent: Intent,
        new: NewFlowRun,
        *,
        actor: Actor,
        render: Callable[[Created], bytes],
    ) -> Answer:
        """Raises FlowRunNotFound, IdempotencyKeyReused, QuotaExceeded, and what
        `open_session` raises.
        """

        async def work(tx: Transaction) -> Answer:
            now = self._sources.clock()

            async def made() -> bytes:
                return render(await self._create(tx, intent.namespace, new, actor, now))

            return await tx.once(intent, made, now=now)

        return await self._store.write(work)

    async def get(self, namespace: str, flow_run_id: UUID) -> tuple[str, FlowRun]:
        """Return the cursor from which to watch, and the run. Raises FlowRunNotFound."""

        async def work(tx: Transaction) -> tuple[str, FlowRun]:
            cursor = await tx.cursor()
            return cursor, await tx.flow_runs.load(namespace, flow_run_id, view=View.FULL)

        return await self._store.read(work)

    async def page(
        self,
        namespace: str,
        wanted: FlowRunFilter,
        *,
        after: UUID | None,
        limit: int,
        oldest_first: bool,
        view: View,
    ) -> tuple[str, list[FlowRun]]:
        """Return the cursor from which to watch, and the runs."""

        async def work(tx: Transaction) -> tuple[str, list[FlowRun]]:
            cursor = await tx.cursor()
            return cursor, await tx.flow_runs.page(
                namespace,
                wanted,
                after=after,
                limit=limit,
                oldest_first=oldest_first,
                view=view,
            )

        return await self._store.read(work)

    def watch(
        self, namespace: str, cursor: str, wanted: FlowRunFilter, *, view: View
    ) -> AsyncIterator[tuple[str, Sequence[FlowRun]]]:
        return self._store.watch_flow_runs(namespace, cursor, wanted, view=view)

    async def counts(
        self,
        namespace: str,
        wanted: FlowRunFilter,
        *,
        group_by: Sequence[FlowRunGroup],
        bucket: timedelta | None,
    ) -> list[FlowRunCount]:
        """Raises InvalidArgument for spans without a length, and for too many counts."""
        if FlowRunGroup.TIME_BUCKET in group_by and not bucket:
            raise _refused("bucket", "TIME_BUCKET needs the length of a bucket")
        found = await self._store.read(
            lambda tx: tx.flow_runs.counts(
                namespace, wanted, group_by=group_by, bucket=bucket, limit=MOST_COUNTS + 1
            )
        )
        if len(found) > MOST_COUNTS:
            why = f"there are more than {MOST_COUNTS:,} counts: filter, or use longer buckets"
            raise _refused("group_by", why)
        return found

    async def _create(
        self, tx: Transaction, namespace: str, new: NewFlowRun, actor: Actor, now: datetime
    ) -> Created:
        cursor = await tx.cursor()
        known = await _made_before(tx, namespace, new, cursor)
        if known is not None:
            return known
        self._allowance.take(namespace)
        parent = None
        if new.parent_flow_run_id:
            parent = await tx.flow_runs.load(namespace, new.parent_flow_run_id)
        flow = await tx.flows.obtain(
            Flow(
                namespace=namespace,
                id=self._sources.new_id(),
                name=new.spec.flow_name,
                create_time=now,
            )
        )
        creator = _creator(new, actor)
        run = self._new_run(flow, new, parent, creator, now)
        phase = LeasePhase.OFFERED
        if new.claim:
            run, phase = await self._claimed(tx, run, new.claim), LeasePhase.ACKNOWLEDGED
        if not await tx.flow_runs.insert(run, actor=creator, phase=phase):
            return await _made_meanwhile(tx, namespace, new, cursor)
        lease = lease_of(run, b"") if new.claim else None
        return Created(flow_run=run, cursor=cursor, is_new=True, lease=lease)

    async def _claimed(self, tx: Transaction, run: FlowRun, claim: SessionClaim) -> FlowRun:
        await open_session(
            tx,
            run.namespace,
            claim.session_id,
            claim.kind,
            clock=self._sources.clock,
            terms=self._terms,
        )
        lease_id = self._sources.new_id()
        return created_for(run, session_id=claim.session_id, lease_id=lease_id)

    def _new_run(
        self,
        flow: Flow,
        new: NewFlowRun,
        parent: FlowRun | None,
        creator: Actor,
        now: datetime,
    ) -> FlowRun:
        run_id, due = self._sources.new_id(), new.expected_start_time or now
        return FlowRun(
            namespace=flow.namespace,
            id=run_id,
            name=new.name or two_words(run_id.int),
            is_named=bool(new.name),
            flow_id=flow.id,
            spec=new.spec,
            parent_flow_run_id=new.parent_flow_run_id,
            parent_task_run_id=new.parent_task_run_id,
            root_flow_run_id=parent.root_flow_run_id if parent else run_id,
            deployment_id=new.deployment_id,
            deployment_version=new.deployment_version,
            creator=creator,
            state=state(S.SCHEDULED, now, scheduled_time=due),
            create_time=now,
            expected_start_time=due,
            traceparent=new.traceparent,
            idempotency_key=new.idempotency_key,
        )


def lost(flow_run_id: UUID) -> LeaseLost:
    return LeaseLost(
        "somebody else owns the run now, or it ended: stop working on it",
        flow_run_id=str(flow_run_id),
    )


async def _made_before(
    tx: Transaction, namespace: str, new: NewFlowRun, cursor: str
) -> Created | None:
    """Return the run that the idempotency key has made. Raises IdempotencyKeyReused."""
    if not new.idempotency_key:
        return None
    known = await tx.flow_runs.by_key(namespace, new.idempotency_key)
    if known is None:
        return None
    if known.spec.flow_name != new.spec.flow_name:
        raise IdempotencyKeyReused(
            f"the key {new.idempotency_key!r} was used for a run of the flow "
            f"{known.spec.flow_name!r}: use another key",
            flow_run_id=str(known.id),
            flow_name=known.spec.flow_name,
        )
    return Created(flow_run=known, cursor=cursor, is_new=False)


async def _made_meanwhile(
    tx: Transaction, namespace: str, new: NewFlowRun, cursor: str
) -> Created:
    """Somebody else made the run of this key at the same time."""
    known = await _made_before(tx, namespace, new, cursor)
    if known is None:
        raise RevisionConflict("another call created the run at the same time: call again")
    return known


def _creator(new: NewFlowRun, actor: Actor) -> Actor:
    """A run that a run calls is made by the latter's owner."""
    if new.claim and new.parent_flow_run_id:
        return worker(new.claim.session_id)
    return actor


def _refused(field: str, why: str) -> InvalidArgument:
    return InvalidArgument(
        f"{field}: {why}", FieldViolation(field=field, description=why), field=field
    )
