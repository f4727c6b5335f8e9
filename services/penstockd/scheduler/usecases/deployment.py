"""What may be done with deployments."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from penstockd.chassis.payload import Payload
from penstockd.scheduler.rules.deployment import (
    Deployment,
    DeploymentRef,
    DeploymentSpec,
    judge_delays,
    with_spec,
)
from penstockd.scheduler.rules.parameters import judge_defaults, read, write
from penstockd.scheduler.rules.work_pool import DEFAULT_QUEUE
from penstockd.scheduler.store import Intent, Store, Transaction
from penstockd.scheduler.usecases.refusals import accepted
from penstockd.scheduler.usecases.work_pool import require_queues


class Deployments:
    def __init__(
        self, store: Store, clock: Callable[[], datetime], *, new_id: Callable[[], UUID]
    ) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id

    async def apply(
        self,
        intent: Intent,
        *,
        flow_name: str,
        name: str,
        spec: DeploymentSpec,
        render: Callable[[Deployment], bytes],
    ) -> bytes:
        async def work(tx: Transaction) -> bytes:
            async def applied() -> bytes:
                pool = await tx.work_pools.get(intent.namespace, spec.work_pool)
                require_queues(pool, [spec.work_queue])
                return render(await _applied(tx, first))

            return await tx.once(intent, applied)

        now = self._clock()
        first = Deployment(
            namespace=intent.namespace,
            id=self._new_id(),
            flow_name=flow_name,
            name=name,
            version=1,
            spec=spec,
            create_time=now,
            update_time=now,
        )
        return await self._store.write(work)

    async def get(self, namespace: str, ref: DeploymentRef) -> Deployment:
        return await self._store.read(lambda tx: tx.deployments.get(namespace, ref))

    async def page(
        self, namespace: str, flow_name: str, *, after: tuple[str, str], limit: int
    ) -> Sequence[Deployment]:
        return await self._store.read(
            lambda tx: tx.deployments.page(namespace, flow_name, after=after, limit=limit)
        )


def judged_spec(
    spec: DeploymentSpec, *, parameters: Payload | None, parameter_schema: Payload | None
) -> DeploymentSpec:
    """Return the spec with its JSON read and its queue named. Raises InvalidArgument."""
    defaults = accepted(read(parameters, field="spec.parameters"))
    schema = accepted(read(parameter_schema, field="spec.parameter_schema"))
    accepted(judge_defaults(defaults, schema) or judge_delays(spec))
    return replace(
        spec,
        parameters=write(defaults),
        parameter_schema=write(schema),
        work_queue=spec.work_queue or DEFAULT_QUEUE,
    )


async def _applied(tx: Transaction, first: Deployment) -> Deployment:
    """Add the first version, or the next one if it differs; nobody else may meanwhile."""
    known = await tx.deployments.lock(first.namespace, first.flow_name, first.name)
    if known is None:
        if await tx.deployments.insert(first):
            return first
        known = await tx.deployments.lock(first.namespace, first.flow_name, first.name)
        assert known is not None  # noqa: S101 - it was in the way just now
    applied = with_spec(known, first.spec, at=first.update_time)
    if applied is not known:
        await tx.deployments.save(applied)
    return applied
