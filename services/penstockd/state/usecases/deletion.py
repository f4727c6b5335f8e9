"""How flow runs are deleted: those that have not ended are cancelled first, if asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn
from uuid import UUID

from penstock.errors import FlowRunNotFound, ResourceInUse
from penstockd.chassis.one_by_one import OneByOne
from penstockd.state.rules.actor import Actor
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.intervention import asked_to_end
from penstockd.state.rules.terms import Terms
from penstockd.state.store import Answer, Intent, Store, Transaction
from penstockd.state.store.ports.lease import Key
from penstockd.state.usecases.endings import save
from penstockd.state.usecases.notices import Notices
from penstockd.state.usecases.sources import Sources

AT_ONCE = 100
CAUSE = "it will be deleted"


class DeletionOutcome(StrEnum):
    DELETED = "DELETED"
    CANCELLING = "CANCELLING"
    IN_USE = "IN_USE"
    NOT_FOUND = "NOT_FOUND"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """What became of a run, and its owner, who is to be told."""

    flow_run_id: UUID
    outcome: DeletionOutcome
    session_id: UUID | None = None


class Deletions:
    def __init__(self, store: Store, sources: Sources, notices: Notices, terms: Terms) -> None:
        self._store = store
        self._sources = sources
        self._notices = notices
        self._terms = terms
        self._marked = OneByOne[Key]("state.deletion")

    async def delete(
        self,
        intent: Intent,
        flow_run_id: UUID,
        *,
        cancel: bool,
        actor: Actor,
        render: Callable[[Deleted], bytes],
    ) -> Answer:
        """Raises FlowRunNotFound, and ResourceInUse for a run that has not ended."""

        def rendered(all_: Sequence[Deleted]) -> bytes:
            (deleted,) = all_
            if deleted.outcome in (DeletionOutcome.NOT_FOUND, DeletionOutcome.IN_USE):
                _refuse(intent.namespace, deleted)
            return render(deleted)

        return await self.delete_those(
            intent, [flow_run_id], cancel=cancel, actor=actor, render=rendered
        )

    async def delete_those(
        self,
        intent: Intent,
        flow_run_ids: Sequence[UUID],
        *,
        cancel: bool,
        actor: Actor,
        render: Callable[[Sequence[Deleted]], bytes],
    ) -> Answer:
        """Delete runs, each on its own; the answer tells of each, in the same order."""
        owners: list[UUID | None] = []

        async def work(tx: Transaction) -> Answer:
            async def deleted() -> bytes:
                found = await tx.flow_runs.lock_those(intent.namespace, flow_run_ids)
                ended = {it.id: await self._end(tx, it, cancel, actor) for it in found}
                await tx.flow_runs.delete(
                    intent.namespace,
                    [
                        it.flow_run_id
                        for it in ended.values()
                        if it.outcome is DeletionOutcome.DELETED
                    ],
                )
                owners.extend(it.session_id for it in ended.values())
                return render([ended.get(it) or _not_found(it) for it in flow_run_ids])

            return await tx.once(intent, deleted, now=self._sources.clock())

        answer = await self._store.write(work)
        for session_id in owners:
            self._notices.ring(session_id)
        return answer

    async def delete_ended(self) -> bool:
        """Delete runs that were cancelled for it; return whether there may be more."""
        limit = AT_ONCE + self._marked.resting
        keys = await self._store.read(lambda tx: tx.flow_runs.to_delete(limit=limit))
        await self._marked.each(
            keys, lambda key: self._delete_marked(*key), self._sources.clock()
        )
        return len(keys) == limit

    async def _end(self, tx: Transaction, run: FlowRun, cancel: bool, actor: Actor) -> Deleted:
        """Cancel a run for its deletion, unless it has ended."""
        if run.ended:
            return Deleted(flow_run_id=run.id, outcome=DeletionOutcome.DELETED)
        if not cancel:
            return Deleted(flow_run_id=run.id, outcome=DeletionOutcome.IN_USE)
        now, within = self._sources.clock(), self._terms.cancel_within
        after = asked_to_end(run, at=now, message=CAUSE, within=within)
        if after is not None:
            await save(tx, after, actor=actor)
        last = after or run
        if not last.ended:
            await tx.flow_runs.request_deletion(last)
        return Deleted(
            flow_run_id=run.id,
            outcome=DeletionOutcome.DELETED if last.ended else DeletionOutcome.CANCELLING,
            session_id=run.ownership.session_id,
        )

    async def _delete_marked(self, namespace: str, flow_run_id: UUID) -> None:
        async def work(tx: Transaction) -> None:
            # It may have been set to wait again since it was seen, or deleted.
            found = await tx.flow_runs.lock_those(namespace, [flow_run_id])
            if all(run.ended and run.delete_requested for run in found):
                await tx.flow_runs.delete(namespace, [flow_run_id])

        await self._store.write(work)


def _not_found(flow_run_id: UUID) -> Deleted:
    return Deleted(flow_run_id=flow_run_id, outcome=DeletionOutcome.NOT_FOUND)


def _refuse(namespace: str, deleted: Deleted) -> NoReturn:
    flow_run_id = str(deleted.flow_run_id)
    if deleted.outcome is DeletionOutcome.NOT_FOUND:
        raise FlowRunNotFound(
            f"no flow run {flow_run_id} in {namespace}", flow_run_id=flow_run_id
        )
    raise ResourceInUse(
        "the run has not ended: set `cancel`, or delete it when it has ended",
        flow_run_id=flow_run_id,
    )
