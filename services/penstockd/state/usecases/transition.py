"""How the owner of a flow run moves it, and where it has been."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from penstock.errors import FieldViolation, InvalidArgument, RevisionConflict
from penstockd.state.rules.actor import STATE_SERVICE, worker
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.ownership import LeaseRef
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.transition import (
    Accepted,
    Proposal,
    Rejected,
    Verdict,
    judge,
    misplaced,
)
from penstockd.state.store import Answer, Intent, Store, Transaction
from penstockd.state.store.ports.transition import Transition
from penstockd.state.usecases.endings import save
from penstockd.state.usecases.flow_run import lost
from penstockd.state.usecases.sources import Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A proposal, the lease that its proposer shows, and the revision on which it decided."""

    flow_run_id: UUID
    lease: LeaseRef
    proposal: Proposal
    expected_revision: int = 0


class Transitions:
    def __init__(self, store: Store, sources: Sources, terms: Terms) -> None:
        self._store = store
        self._sources = sources
        self._terms = terms

    async def propose(
        self, intent: Intent, move: Move, *, render: Callable[[Verdict], bytes]
    ) -> Answer:
        """Raises InvalidArgument, FlowRunNotFound, LeaseLost and RevisionConflict."""
        _check(move.proposal)

        async def work(tx: Transaction) -> Answer:
            async def ruled() -> bytes:
                run = await tx.flow_runs.lock(intent.namespace, move.flow_run_id)
                verdict = self._rule(run, move)
                await _save(tx, verdict, move)
                return render(verdict)

            return await tx.once(intent, ruled, now=self._sources.clock())

        return await self._store.write(work)

    async def page(
        self, namespace: str, flow_run_id: UUID, *, after: int, limit: int
    ) -> list[Transition]:
        """Return the history after a revision, oldest first. Raises FlowRunNotFound."""

        async def work(tx: Transaction) -> list[Transition]:
            await tx.flow_runs.load(namespace, flow_run_id)
            return await tx.transitions.page(namespace, flow_run_id, after=after, limit=limit)

        return await self._store.read(work)

    def _rule(self, run: FlowRun, move: Move) -> Verdict:
        if not run.ownership.shown_by(move.lease):
            raise lost(run.id)
        if move.expected_revision not in (0, run.revision):
            raise RevisionConflict(
                f"the run is at revision {run.revision}: read it again, then try again",
                flow_run_id=str(run.id),
            )
        return judge(
            run,
            move.proposal,
            at=self._sources.clock(),
            cancel_within=self._terms.cancel_within,
            randomness=self._sources.randomness(),
        )


def _check(proposal: Proposal) -> None:
    wrong = misplaced(proposal)
    if wrong is not None:
        field, why = wrong
        raise InvalidArgument(
            f"{field}: {why}", FieldViolation(field=field, description=why), field=field
        )


async def _save(tx: Transaction, verdict: Verdict, move: Move) -> None:
    """Keep what the verdict changed: the owner moved the run, or the service otherwise."""
    match verdict:
        case Accepted(flow_run=run):
            owner = worker(run.ownership.session_id)
            await save(tx, run, actor=owner, fence=move.lease.fence)
        case Rejected(replaced=run) if run is not None:
            await save(tx, run, actor=STATE_SERVICE)
