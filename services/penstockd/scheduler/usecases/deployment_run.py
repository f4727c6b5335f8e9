"""A deployment is run: its run is made at the state service, and a waiting worker woken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from penstock import telemetry
from penstockd.scheduler.peers import CreatedRun, NewRun, StateService
from penstockd.scheduler.rules.deployment import Deployment, DeploymentRef
from penstockd.scheduler.rules.parameters import merged, schema_in
from penstockd.scheduler.rules.run_spec import Parameters, for_one_run
from penstockd.scheduler.rules.work import derived
from penstockd.scheduler.store import Answer, Intent, Store, Transaction
from penstockd.scheduler.usecases.refusals import accepted
from penstockd.scheduler.usecases.waiters import Waiters


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks of one run."""

    deployment: DeploymentRef
    parameters: Parameters = field(default_factory=dict)
    flow_run_name: str = ""
    tags: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    expected_start_time: datetime | None = None
    idempotency_key: str = ""


class DeploymentRuns:
    def __init__(self, store: Store, state: StateService, waiters: Waiters) -> None:
        self._store = store
        self._state = state
        self._waiters = waiters

    async def run(
        self, intent: Intent, wish: Wish, *, render: Callable[[CreatedRun], bytes]
    ) -> Answer:
        """Raises DeploymentNotFound, InvalidArgument and IdempotencyKeyReused."""

        async def look(tx: Transaction) -> Answer | Deployment:
            answer = await tx.answer_to(intent)
            return answer or await tx.deployments.get(intent.namespace, wish.deployment)

        known = await self._store.read(look)
        if isinstance(known, Answer):
            return known
        run = _new_run(intent, wish, known)
        made = await self._state.create_run(run, request_id=_request_id(intent, run))
        if made.waiting:
            self._waiters.hint(intent.namespace, made.waiting)
        if not wish.idempotency_key:
            # Nobody else has the key of this request: an earlier try of it made the run.
            made = replace(made, is_new=True)
        return await self._remember(intent, render(made))

    async def _remember(self, intent: Intent, answer: bytes) -> Answer:
        async def rendered() -> bytes:
            return answer

        return await self._store.write(lambda tx: tx.once(intent, rendered))


def _new_run(intent: Intent, wish: Wish, deployment: Deployment) -> NewRun:
    spec = deployment.spec
    schema = accepted(schema_in(deployment.parameter_schema, field="parameter_schema"))
    parameters = accepted(merged(spec.parameters, wish.parameters, schema, field="parameters"))
    return NewRun(
        namespace=intent.namespace,
        spec=accepted(
            for_one_run(spec, parameters=parameters, tags=wish.tags, labels=wish.labels)
        ),
        name=wish.flow_run_name,
        deployment_id=deployment.id,
        deployment_version=deployment.version,
        expected_start_time=wish.expected_start_time,
        idempotency_key=wish.idempotency_key or f"request:{intent.request_id}",
        traceparent=telemetry.current_traceparent(),
    )


def _request_id(intent: Intent, run: NewRun) -> UUID:
    """The key of the run makes it one, whatever has changed in it since a first try."""
    return derived(intent.request_id, "create_run", run.deployment_version, run.traceparent)
