"""What may be done with flow runs: load, judge, save, each in one transaction."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from penstock.errors import FieldViolation, InvalidArgument, LeaseLost, RevisionConflict
from penstockd.state.rules.flow import Flow
from penstockd.state.rules.flow_run import (
    Accepted,
    FlowRun,
    Proposal,
    Rejected,
    RetryPolicy,
    Verdict,
    judge,
)
from penstockd.state.rules.lease import (
    Lease,
    LeasePhase,
    LeaseRef,
    created_for,
    holds,
    lease_of,
)
from penstockd.state.rules.names import two_words
from penstockd.state.rules.state import S, State, state
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.worker_session import SessionKind
from penstockd.state.store import Answer, Intent, Store, Transaction
from penstockd.state.store.ports.flow_run import Actor, FlowRunFilter, Transition
from penstockd.state.usecases.endings import save
from penstockd.state.usecases.notices import Notices
from penstockd.state.usecases.sources import Sources
from penstockd.state.usecases.worker_session import open_session

HISTORY = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionClaim:
    session_id: UUID
    kind: SessionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFlowRun:
    """What a caller wants to run."""

    flow_name: str
    flow_version: str = ""
    name: str = ""
    parameters: bytes = b""
    tags: tuple[str, ...] = ()
    parent_flow_run_id: UUID | None = None
    parent_task_run_id: UUID | None = None
    deployment_id: UUID | None = None
    deployment_version: int = 0
    launch: bytes = b""
    work_pool: str = ""
    work_queue: str = ""
    expected_start_time: datetime | None = None
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    idempotency_key: str | None = None
    traceparent: str = ""
    claim: SessionClaim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    flow_run: FlowRun
    lease: Lease | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A proposed transition; without a lease a person proposes it."""

    flow_run_id: UUID
    to: State
    lease: LeaseRef | None
    expected_revision: int = 0
    result_id: UUID | None = None


class FlowRuns:
    def __init__(self, store: Store, sources: Sources, notices: Notices, terms: Terms) -> None:
        self._store = store
        self._sources = sources
        self._notices = notices
        self._terms = terms

    async def create(
        self, intent: Intent, new: NewFlowRun, *, render: Callable[[Created], bytes]
    ) -> Answer:
        async def work(tx: Transaction) -> Answer:
            now = self._sources.clock()

            async def made() -> bytes:
                return render(await self._create(tx, intent.namespace, new, now))

            return await tx.once(intent, made, now=now)

        return await self._store.write(work)

    async def get(self, namespace: str, flow_run_id: UUID) -> FlowRun:
        return await self._store.read(lambda tx: tx.flow_runs.load(namespace, flow_run_id))

    async def page(
        self,
        namespace: str,
        wanted: FlowRunFilter,
        *,
        after: UUID | None,
        limit: int,
        oldest_first: bool,
    ) -> tuple[str, list[FlowRun]]:
        """Return the cursor from which to watch, and the runs."""

        async def work(tx: Transaction) -> tuple[str, list[FlowRun]]:
            cursor = await tx.cursor()
            return cursor, await tx.flow_runs.page(
                namespace, wanted, after=after, limit=limit, oldest_first=oldest_first
            )

        return await self._store.read(work)

    async def history(self, namespace: str, flow_run_id: UUID) -> list[Transition]:
        async def work(tx: Transaction) -> list[Transition]:
            await tx.flow_runs.load(namespace, flow_run_id)
            return await tx.flow_runs.transitions(namespace, flow_run_id, limit=HISTORY)

        return await self._store.read(work)

    async def transition(
        self, intent: Intent, move: Move, *, render: Callable[[Verdict], bytes]
    ) -> Answer:
        """Raises LeaseLost and RevisionConflict."""
        told: list[UUID | None] = []

        async def work(tx: Transaction) -> Answer:
            async def ruled() -> bytes:
                run = await tx.flow_runs.lock(intent.namespace, move.flow_run_id)
                verdict = self._rule(run, move, self._sources.clock())
                if (changed := _changed(verdict)) is not None:
                    await save(tx, changed, actor=_actor(move, verdict))
                    told.append(None if move.lease else run.session_id)
                return render(verdict)

            return await tx.once(intent, ruled, now=self._sources.clock())

        answer = await self._store.write(work)
        for session_id in told:
            self._notices.ring(session_id)
        return answer

    def watch(
        self, namespace: str, cursor: str, *, flow_run_id: UUID | None
    ) -> AsyncIterator[tuple[str, Sequence[FlowRun]]]:
        return self._store.watch_flow_runs(namespace, cursor, flow_run_id=flow_run_id)

    async def _create(
        self, tx: Transaction, namespace: str, new: NewFlowRun, now: datetime
    ) -> Created:
        if new.idempotency_key:
            known = await tx.flow_runs.by_key(namespace, new.idempotency_key)
            if known is not None:
                return Created(flow_run=known, lease=None)
        parent = None
        if new.parent_flow_run_id:
            parent = await tx.flow_runs.load(namespace, new.parent_flow_run_id)
        flow = await tx.flows.obtain(
            Flow(namespace=namespace, id=self._sources.new_id(), name=new.flow_name,
                 create_time=now)
        )  # fmt: skip
        run = self._new_run(namespace, new, flow, parent, now)
        phase = LeasePhase.OFFERED
        if new.claim:
            claim, phase = new.claim, LeasePhase.ACKNOWLEDGED
            await open_session(
                tx, namespace, claim.session_id, claim.kind,
                clock=self._sources.clock, terms=self._terms,
            )  # fmt: skip
            run = created_for(run, session_id=claim.session_id, lease_id=self._sources.new_id())
        if not await tx.flow_runs.insert(run, actor="client", phase=phase):
            return await self._taken(tx, namespace, new)
        return Created(flow_run=run, lease=lease_of(run, b"") if new.claim else None)

    async def _taken(self, tx: Transaction, namespace: str, new: NewFlowRun) -> Created:
        """Somebody else made the run of this key at the same time."""
        known = await tx.flow_runs.by_key(namespace, new.idempotency_key or "")
        if known is None:
            raise RevisionConflict("the run was made at the same time: call again")
        return Created(flow_run=known, lease=None)

    def _new_run(
        self,
        namespace: str,
        new: NewFlowRun,
        flow: Flow,
        parent: FlowRun | None,
        now: datetime,
    ) -> FlowRun:
        run_id, due = self._sources.new_id(), new.expected_start_time or now
        return FlowRun(
            namespace=namespace,
            id=run_id,
            name=new.name or two_words(run_id.int),
            flow_id=flow.id,
            flow_name=flow.name,
            flow_version=new.flow_version,
            parent_flow_run_id=new.parent_flow_run_id,
            parent_task_run_id=new.parent_task_run_id,
            root_flow_run_id=parent.root_flow_run_id if parent else run_id,
            deployment_id=new.deployment_id,
            deployment_version=new.deployment_version,
            launch=new.launch,
            parameters=new.parameters,
            tags=new.tags,
            work_pool=new.work_pool,
            work_queue=new.work_queue,
            retry_policy=new.retry_policy,
            state=state(S.SCHEDULED, now, scheduled_time=due),
            create_time=now,
            expected_start_time=due,
            traceparent=new.traceparent,
            idempotency_key=new.idempotency_key,
        )

    def _rule(self, run: FlowRun, move: Move, now: datetime) -> Verdict:
        if move.lease is None:
            if move.to.type is not S.CANCELLING:
                raise _needs_lease()
        elif not holds(run, move.lease):
            raise lost(run.id)
        if move.expected_revision not in (0, run.revision):
            raise RevisionConflict(
                f"the run is at revision {run.revision}: read it again and decide anew",
                flow_run_id=str(run.id),
            )
        proposal = Proposal(
            to=move.to, by_owner=move.lease is not None, result_id=move.result_id
        )
        return judge(run, proposal, at=now, cancel_within=self._terms.cancel_within)


def lost(flow_run_id: UUID) -> LeaseLost:
    return LeaseLost(
        "somebody else owns the run now, or it ended: stop working on it",
        flow_run_id=str(flow_run_id),
    )


def _changed(verdict: Verdict) -> FlowRun | None:
    match verdict:
        case Accepted(flow_run=run):
            return run
        case Rejected(replaced=run):
            return run
        case _:
            return None


def _actor(move: Move, verdict: Verdict) -> Actor:
    if isinstance(verdict, Rejected):
        return "state"
    return "worker" if move.lease else "client"


def _needs_lease() -> InvalidArgument:
    text = "a worker shows its lease; without one only CANCELLING may be proposed"
    return InvalidArgument(text, FieldViolation(field="lease", description=text))
