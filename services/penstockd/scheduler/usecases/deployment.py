"""What may be done with deployments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from penstock.errors import RevisionConflict
from penstockd.chassis.payload import Payload
from penstockd.scheduler.rules.deployment import (
    Deployment,
    DeploymentFilter,
    DeploymentRef,
    changed_to,
    judge_names,
)
from penstockd.scheduler.rules.parameters import judge_defaults, judge_schema, schema_in
from penstockd.scheduler.rules.run_spec import RunSpec
from penstockd.scheduler.rules.view import View
from penstockd.scheduler.store import Answer, Intent, Store, Transaction
from penstockd.scheduler.usecases.refusals import accepted
from penstockd.scheduler.usecases.work_pool import require_queues


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a deployment is to be. `expected_revision` is that of the caller; 0 means any."""

    name: str
    spec: RunSpec
    parameter_schema: Payload | None = None
    description: str = ""
    expected_revision: int = 0


class Deployments:
    def __init__(
        self, store: Store, clock: Callable[[], datetime], *, new_id: Callable[[], UUID]
    ) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id

    async def apply(
        self, intent: Intent, draft: Draft, *, render: Callable[[Deployment], bytes]
    ) -> Answer:
        """Raises InvalidArgument, WorkPoolNotFound, WorkQueueNotFound and RevisionConflict."""
        _judge(draft)
        wanted = self._first(intent.namespace, draft)

        async def work(tx: Transaction) -> Answer:
            async def applied() -> bytes:
                pool = await tx.work_pools.keep(intent.namespace, draft.spec.work_pool)
                require_queues(pool, [draft.spec.work_queue])
                return render(await _applied(tx, wanted, draft.expected_revision))

            return await tx.once(intent, applied)

        return await self._store.write(work)

    async def get(self, namespace: str, ref: DeploymentRef) -> Deployment:
        """Raises DeploymentNotFound."""
        return await self._store.read(lambda tx: tx.deployments.get(namespace, ref))

    async def page(
        self,
        namespace: str,
        wanted: DeploymentFilter,
        *,
        after: tuple[str, str],
        limit: int,
        view: View,
    ) -> Sequence[Deployment]:
        return await self._store.read(
            lambda tx: tx.deployments.page(
                namespace, wanted, after=after, limit=limit, view=view
            )
        )

    def _first(self, namespace: str, draft: Draft) -> Deployment:
        now = self._clock()
        return Deployment(
            namespace=namespace,
            id=self._new_id(),
            name=draft.name,
            version=1,
            spec=draft.spec,
            parameter_schema=draft.parameter_schema,
            description=draft.description,
            create_time=now,
            update_time=now,
        )


def _judge(draft: Draft) -> None:
    """Raises InvalidArgument."""
    accepted(judge_names(draft.spec.flow_name, draft.name))
    schema = accepted(schema_in(draft.parameter_schema, field="parameter_schema"))
    accepted(judge_schema(schema, field="parameter_schema"))
    accepted(judge_defaults(draft.spec.parameters, schema, field="spec.parameters"))


async def _applied(tx: Transaction, wanted: Deployment, expected_revision: int) -> Deployment:
    """Add the first version, or the next one if it differs; nobody else may meanwhile."""
    known = await _locked(tx, wanted)
    if known is None and not expected_revision:
        if await tx.deployments.insert(wanted):
            return wanted
        known = await _locked(tx, wanted)
    if expected_revision and (known is None or known.revision != expected_revision):
        raise _conflict(wanted, known, expected_revision)
    assert known is not None  # noqa: S101 - it was in the way just now
    changed = changed_to(known, wanted)
    if changed is not known:
        await tx.deployments.save(changed, new_version=changed.version != known.version)
    return changed


async def _locked(tx: Transaction, wanted: Deployment) -> Deployment | None:
    return await tx.deployments.lock(wanted.namespace, wanted.spec.flow_name, wanted.name)


def _conflict(wanted: Deployment, known: Deployment | None, expected: int) -> RevisionConflict:
    found = known.revision if known else 0
    return RevisionConflict(
        f"{wanted.spec.flow_name}/{wanted.name} has revision {found}, but "
        f"{expected} was expected: read it again, then try again",
        revision=str(found),
    )
