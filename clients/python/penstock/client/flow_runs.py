"""What the engine asks of the services, in its own words."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from penstock import telemetry
from penstock.api.artifact.v1.result_service_pb2 import GetResultRequest, PublishResultRequest
from penstock.api.artifact.v1.result_service_pb2_grpc import ResultServiceStub
from penstock.api.state.v1.flow_run_pb2 import FlowRun
from penstock.api.state.v1.flow_run_service_pb2 import (
    CreateFlowRunRequest,
    GetFlowRunRequest,
    GetFlowRunResponse,
)
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.transition_service_pb2 import (
    TransitionFlowRunRequest,
    TransitionFlowRunResponse,
)
from penstock.api.state.v1.transition_service_pb2_grpc import TransitionServiceStub
from penstock.api.state.v1.worker_session_pb2 import SessionClaim, SessionKind
from penstock.client.connection import Connection
from penstock.client.content import PayloadCodec
from penstock.client.wire.failures import failure_message
from penstock.client.wire.owned import LeaseRef, Owned
from penstock.client.wire.run_specs import RunSpec, spec_message
from penstock.client.wire.states import state_message, state_of
from penstock.client.wire.times import datetime_of, seconds_of
from penstock.errors import ContentCorrupt, ContentNotFound
from penstock.failures.failure import Failure
from penstock.ground.ids import new_id
from penstock.ground.labels import LONGEST_NAME
from penstock.ground.patience import patiently
from penstock.ground.texts import cut
from penstock.payloads.values import EncodedPayload
from penstock.states import State
from penstock.wire_errors import named_errors


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """What is said of a flow run when it is created."""

    spec: RunSpec
    name: str
    parent_flow_run_id: str = ""
    parent_task_run_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedRun:
    """A flow run that this process owns."""

    owned: Owned
    name: str
    root_flow_run_id: str
    renew_interval: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What was said of a flow run when somebody else created it."""

    flow_version: str
    tags: Sequence[str]
    parent_flow_run_id: str
    root_flow_run_id: str
    due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What came of an attempt, beside its state: a result, or what ended it badly."""

    result_id: str = ""
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The ruling on a proposed state of a flow run; waits are in seconds from now."""

    accepted: bool
    attempt: int = 0
    actual: State[Any] | None = None
    replacement: State[Any] | None = None
    stop: bool = False
    retry_delay: float = 0.0
    propose_again_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Services:
    """Stubs of what the engine calls."""

    connection: Connection
    codec: PayloadCodec = field(init=False)
    runs: Any = field(init=False)
    transitions: Any = field(init=False)
    results: Any = field(init=False)

    def __post_init__(self) -> None:
        state, artifact = self.connection.state, self.connection.artifact
        object.__setattr__(self, "codec", PayloadCodec(self.connection))
        object.__setattr__(self, "runs", FlowRunServiceStub(state))
        object.__setattr__(self, "transitions", TransitionServiceStub(state))
        object.__setattr__(self, "results", ResultServiceStub(artifact))

    async def create(self, run: NewRun) -> ClaimedRun:
        """Create a flow run that this process owns from its first moment."""
        parameters = await self.codec.parameters(run.spec.parameters)
        request = CreateFlowRunRequest(
            request_id=new_id(),
            namespace=self.connection.namespace,
            spec=spec_message(run.spec, parameters),
            name=cut(run.name, LONGEST_NAME),
            parent_flow_run_id=run.parent_flow_run_id,
            parent_task_run_id=run.parent_task_run_id,
            traceparent=telemetry.current_traceparent(),
            claim=self._claim(),
        )
        reply = await patiently(lambda: _named(self.runs.CreateFlowRun(request)))
        lease = reply.lease.lease_ref
        return ClaimedRun(
            owned=Owned(
                namespace=self.connection.namespace,
                flow_run_id=reply.flow_run.id,
                lease=LeaseRef(lease.lease_id, lease.fence),
            ),
            name=reply.flow_run.name,
            root_flow_run_id=reply.flow_run.root_flow_run_id,
            renew_interval=seconds_of(reply.renew_interval) or 5.0,
        )

    async def propose(
        self, owned: Owned, state: State[Any], ending: Ending | None = None
    ) -> Verdict:
        """Propose a state of an owned run, and return the ruling."""
        request = TransitionFlowRunRequest(
            request_id=new_id(),
            namespace=owned.namespace,
            flow_run_id=owned.flow_run_id,
            lease=owned.lease.message(),
            to_state=state_message(state),
        )
        if ending is not None and ending.failure is not None:
            request.failure.CopyFrom(failure_message(ending.failure))
        elif ending is not None and ending.result_id:
            request.result_id = ending.result_id
        reply = await patiently(lambda: _named(self.transitions.TransitionFlowRun(request)))
        return _verdict(reply)

    async def publish(self, owned: Owned, value: EncodedPayload) -> str:
        """Publish what a run returned, and return the result's id."""
        result_id = new_id()
        request = PublishResultRequest(
            request_id=new_id(),
            namespace=owned.namespace,
            result_id=result_id,
            run=owned.run(),
            lease=owned.lease.message(),
            payload=await self.codec.payload(value),
        )
        await patiently(lambda: _named(self.results.PublishResult(request)))
        return result_id

    async def result(self, result_id: str) -> Any:
        """Return a published result's value."""
        request = GetResultRequest(namespace=self.connection.namespace, result_id=result_id)
        reply = await _named(self.results.GetResult(request))
        try:
            return await self.codec.value(reply.result.payload)
        except (ContentCorrupt, ContentNotFound) as error:
            raise _lacking(reply.result.run.flow_run_id, error) from error

    async def flow_run(self, flow_run_id: str) -> FlowRun:
        return (await self.flow_run_and_cursor(flow_run_id)).flow_run

    async def flow_run_and_cursor(self, flow_run_id: str) -> GetFlowRunResponse:
        request = GetFlowRunRequest(
            namespace=self.connection.namespace, flow_run_id=flow_run_id
        )
        reply: GetFlowRunResponse = await _named(self.runs.GetFlowRun(request))
        return reply

    async def origin(self, flow_run_id: str) -> Origin:
        run = await self.flow_run(flow_run_id)
        said = run.HasField("expected_start_time")
        return Origin(
            flow_version=run.spec.flow_version,
            tags=tuple(run.spec.tags),
            parent_flow_run_id=run.parent_flow_run_id,
            root_flow_run_id=run.root_flow_run_id,
            due=datetime_of(run.expected_start_time) if said else None,
        )

    def _claim(self) -> SessionClaim:
        embedded = self.connection.embedded
        return SessionClaim(
            session_id=self.connection.session_id,
            kind=(
                SessionKind.SESSION_KIND_EMBEDDED
                if embedded
                else SessionKind.SESSION_KIND_SCRIPT
            ),
        )


def _verdict(reply: TransitionFlowRunResponse) -> Verdict:
    match reply.WhichOneof("verdict"):
        case "accepted":
            return Verdict(accepted=True, attempt=reply.accepted.flow_run.attempt)
        case "wait":
            # A wait of nothing would be no wait.
            seconds = max(seconds_of(reply.wait.retry_delay), 0.001)
            return Verdict(accepted=False, propose_again_after=seconds)
    rejected = reply.rejected
    moved = rejected.HasField("replacement_state")
    return Verdict(
        accepted=False,
        actual=state_of(rejected.actual_state),
        replacement=state_of(rejected.replacement_state) if moved else None,
        stop=rejected.stop,
        retry_delay=seconds_of(rejected.retry_delay),
    )


async def _named(call: Awaitable[Any]) -> Any:
    with named_errors():
        return await call


def _lacking(
    flow_run_id: str, error: ContentCorrupt | ContentNotFound
) -> ContentCorrupt | ContentNotFound:
    return type(error)(
        f"the result of flow run {flow_run_id} cannot be read: {error}",
        **error.metadata | {"flow_run_id": flow_run_id},
    )
