"""What people do to flow runs, whoever works on them: cancel them, and set their state."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from penstock.errors import FieldViolation, InvalidArgument, TransitionRefused
from penstockd.state.rules.actor import Actor
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.intervention import SETTABLE, Refused, asked_to_end, set_by_decree
from penstockd.state.rules.state import State
from penstockd.state.rules.terms import Terms
from penstockd.state.store import Answer, Intent, Store, Transaction
from penstockd.state.usecases.endings import save
from penstockd.state.usecases.notices import Notices
from penstockd.state.usecases.sources import Sources


class Interventions:
    def __init__(self, store: Store, sources: Sources, notices: Notices, terms: Terms) -> None:
        self._store = store
        self._sources = sources
        self._notices = notices
        self._terms = terms

    async def cancel(
        self,
        intent: Intent,
        flow_run_id: UUID,
        *,
        message: str,
        actor: Actor,
        render: Callable[[FlowRun], bytes],
    ) -> Answer:
        """Raises FlowRunNotFound."""
        within = self._terms.cancel_within

        def judge(run: FlowRun, now: datetime) -> FlowRun | None:
            return asked_to_end(run, at=now, message=message, within=within)

        return await self._change(intent, flow_run_id, judge, actor=actor, render=render)

    async def set_state(
        self,
        intent: Intent,
        flow_run_id: UUID,
        to: State,
        *,
        force: bool,
        actor: Actor,
        render: Callable[[FlowRun], bytes],
    ) -> Answer:
        """Raises InvalidArgument, FlowRunNotFound and TransitionRefused."""
        if to.type not in SETTABLE:
            field = "to_state.state_type"
            why = f"must be a final state or SCHEDULED, not {to.type}"
            raise InvalidArgument(
                f"{field}: {why}", FieldViolation(field=field, description=why), field=field
            )

        def judge(run: FlowRun, now: datetime) -> FlowRun:
            after = set_by_decree(run, to, at=now, force=force)
            if isinstance(after, Refused):
                raise TransitionRefused(
                    after.why, flow_run_id=str(run.id), actual=run.state.type
                )
            return after

        return await self._change(intent, flow_run_id, judge, actor=actor, render=render)

    async def _change(
        self,
        intent: Intent,
        flow_run_id: UUID,
        judge: Callable[[FlowRun, datetime], FlowRun | None],
        *,
        actor: Actor,
        render: Callable[[FlowRun], bytes],
    ) -> Answer:
        """Save what the judge makes of the run, if anything, and tell its owner."""
        owners: list[UUID | None] = []

        async def work(tx: Transaction) -> Answer:
            async def changed() -> bytes:
                run = await tx.flow_runs.lock(intent.namespace, flow_run_id)
                after = judge(run, self._sources.clock())
                if after is not None:
                    await save(tx, after, actor=actor)
                    owners.append(run.ownership.session_id)
                return render(after or run)

            return await tx.once(intent, changed, now=self._sources.clock())

        answer = await self._store.write(work)
        for session_id in owners:
            self._notices.ring(session_id)
        return answer
