"""Deployments are deleted once nobody runs them, or after their runs were cancelled."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import UUID

from penstock.errors import FlowRunNotFound, ResourceInUse, RevisionConflict
from penstockd.scheduler.peers import RunsOf, StateService
from penstockd.scheduler.rules.deployment import Deployment, DeploymentRef
from penstockd.scheduler.rules.work import derived
from penstockd.scheduler.store import Answer, Intent, Store, Transaction

AT_ONCE = 20
TRIES = 5


class DeploymentDeletions:
    def __init__(self, store: Store, state: StateService) -> None:
        self._store = store
        self._state = state

    async def delete(
        self,
        intent: Intent,
        ref: DeploymentRef,
        *,
        cancel: bool,
        render: Callable[[Deployment, int], bytes],
    ) -> Answer:
        """Render the deployment as it was, and how many runs were cancelled for it.

        Raises DeploymentNotFound and ResourceInUse.
        """

        async def look(tx: Transaction) -> Answer | Deployment:
            answer = await tx.answer_to(intent)
            return answer or await tx.deployments.get(intent.namespace, ref)

        known = await self._store.read(look)
        if isinstance(known, Answer):
            return known
        # A run that somebody makes between this and the deletion goes on: it has its own copy
        # of all that it needs.
        cancelled = await self._cancel_all(intent, known) if cancel else 0
        if not cancel:
            await self._require_unused(known)

        async def work(tx: Transaction) -> Answer:
            async def deleted() -> bytes:
                newest = await tx.deployments.get(intent.namespace, DeploymentRef(id=known.id))
                await tx.deployments.delete(newest)
                return render(newest, cancelled)

            return await tx.once(intent, deleted)

        return await self._store.write(work)

    async def _require_unused(self, deployment: Deployment) -> None:
        of = RunsOf(deployment_id=deployment.id)
        runs = await self._state.count_unended(deployment.namespace, of)
        if runs:
            name = f"{deployment.spec.flow_name}/{deployment.name}"
            raise ResourceInUse(
                f"{name} has runs that have not ended ({runs}): wait for them, or cancel them",
                flow_runs=str(runs),
            )

    async def _cancel_all(self, intent: Intent, deployment: Deployment) -> int:
        """Return how many runs had not ended.

        A try that was cut off has cancelled some; the next one finds those that are left.
        """
        of, token, cancelled = RunsOf(deployment_id=deployment.id), "", 0
        while True:
            page = await self._state.unended(intent.namespace, of, token=token)
            for start in range(0, len(page.run_ids), AT_ONCE):
                await self._cancel_those(intent, page.run_ids[start : start + AT_ONCE])
            cancelled += len(page.run_ids)
            token = page.next_token
            if not token:
                return cancelled

    async def _cancel_those(self, intent: Intent, run_ids: Sequence[UUID]) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for run_id in run_ids:
                    group.create_task(self._cancel(intent, run_id))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None

    async def _cancel(self, intent: Intent, run_id: UUID) -> None:
        """One that was deleted meanwhile has ended too; one that moves is asked again."""
        request_id = derived(intent.request_id, "cancel", run_id)
        with suppress(FlowRunNotFound):
            for left in reversed(range(TRIES)):
                try:
                    await self._state.cancel_run(
                        intent.namespace, run_id, request_id=request_id
                    )
                except RevisionConflict:
                    if not left:
                        raise
                else:
                    return
