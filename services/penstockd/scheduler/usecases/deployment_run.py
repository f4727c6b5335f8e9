"""A deployment is run: its run is made at the state service, and a waiting worker woken."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from penstock import telemetry
from penstockd.chassis.payload import Payload
from penstockd.scheduler.peers import CreatedRun, NewRun, State
from penstockd.scheduler.rules.deployment import (
    MOST_TAGS,
    Deployment,
    DeploymentRef,
    joined_tags,
)
from penstockd.scheduler.rules.parameters import Refused, merge, read
from penstockd.scheduler.rules.work import derived
from penstockd.scheduler.store import Intent, Store, Transaction
from penstockd.scheduler.usecases.refusals import accepted
from penstockd.scheduler.usecases.waiters import Waiters


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks of one run."""

    deployment: DeploymentRef
    parameters: Payload | None
    flow_run_name: str
    tags: tuple[str, ...]
    expected_start_time: datetime | None
    idempotency_key: str


class DeploymentRuns:
    def __init__(self, store: Store, state: State, waiters: Waiters) -> None:
        self._store = store
        self._state = state
        self._waiters = waiters

    async def run(
        self, intent: Intent, wish: Wish, *, render: Callable[[CreatedRun], bytes]
    ) -> bytes:
        async def look(tx: Transaction) -> tuple[bytes | None, Deployment | None]:
            answer = await tx.answer_to(intent)
            if answer is not None:
                return answer, None
            return None, await tx.deployments.get(intent.namespace, wish.deployment)

        answer, deployment = await self._store.read(look)
        if deployment is None:
            return answer or b""
        run = _new_run(intent, wish, deployment)
        made = await self._state.create_run(run, request_id=_request_id(intent, run))
        if made.waiting:
            self._waiters.hint(intent.namespace, made.waiting)
        return await self._remember(intent, render(made))

    async def _remember(self, intent: Intent, answer: bytes) -> bytes:
        async def rendered() -> bytes:
            return answer

        return await self._store.write(lambda tx: tx.once(intent, rendered))


def _new_run(intent: Intent, wish: Wish, deployment: Deployment) -> NewRun:
    spec = deployment.spec
    given = accepted(read(wish.parameters, field="parameters"))
    tags = joined_tags(spec.tags, wish.tags)
    if len(tags) > MOST_TAGS:
        accepted(
            Refused(
                field="tags",
                message=f"with those of the deployment there are {len(tags)} tags, "
                f"and at most {MOST_TAGS} are allowed",
            )
        )
    return NewRun(
        namespace=intent.namespace,
        flow_name=deployment.flow_name,
        flow_version=spec.flow_version,
        name=wish.flow_run_name,
        parameters=accepted(merge(spec.defaults, given, spec.schema)),
        tags=tags,
        deployment_id=deployment.id,
        deployment_version=deployment.version,
        launch=spec.launch,
        work_pool=spec.work_pool,
        work_queue=spec.work_queue,
        expected_start_time=wish.expected_start_time,
        max_retries=spec.max_retries,
        retry_delays=spec.retry_delays,
        idempotency_key=wish.idempotency_key or f"request:{intent.request_id}",
        traceparent=telemetry.current_traceparent(),
    )


def _request_id(intent: Intent, run: NewRun) -> UUID:
    """The key of the run makes it one, whatever has changed in it since a first try."""
    return derived(intent.request_id, "create_run", run.deployment_version, run.traceparent)
