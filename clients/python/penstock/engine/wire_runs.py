"""What the engine asks of the services, in its own words."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from penstock import telemetry
from penstock.api.artifact.v1.content_service_pb2 import (
    CommitContentRequest,
    DownloadContentRequest,
    GetContentRequest,
    UploadChunkRequest,
)
from penstock.api.artifact.v1.content_service_pb2_grpc import ContentServiceStub
from penstock.api.artifact.v1.result_service_pb2 import GetResultRequest, PublishResultRequest
from penstock.api.artifact.v1.result_service_pb2_grpc import ResultServiceStub
from penstock.api.state.v1 import flow_run_pb2, state_pb2
from penstock.api.state.v1.flow_run_service_pb2 import (
    CreateFlowRunRequest,
    GetFlowRunRequest,
    ListFlowRunsRequest,
    TransitionFlowRunRequest,
    WatchFlowRunsRequest,
)
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.worker_session_pb2 import SessionClaim, SessionKind
from penstock.api.type.v1.lease_ref_pb2 import LeaseRef
from penstock.api.type.v1.payload_pb2 import ContentRef, Payload
from penstock.connection import Connection
from penstock.engine.ids import new_id
from penstock.errors import ContentNotFound, UploadIncomplete
from penstock.labels import LONGEST
from penstock.recording.patience import patiently
from penstock.recording.wire_batches import LONGEST_MESSAGE, Owned
from penstock.results import INLINE_LIMIT, Encoded, decode
from penstock.states import State, StateType
from penstock.texts import cut
from penstock.wire_errors import named_errors

CHUNK = 1024 * 1024
UPLOADS = 3
_TYPES = {
    name.removeprefix("STATE_TYPE_"): value for name, value in state_pb2.StateType.items()
}
_NAMES = {value: StateType(name) for name, value in _TYPES.items() if name != "UNSPECIFIED"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """What is said of a flow run when it is created."""

    flow_name: str
    flow_version: str
    name: str
    parameters: Encoded
    tags: Sequence[str]
    max_retries: int = 0
    retry_delays: Sequence[float] = ()
    parent_flow_run_id: str = ""
    parent_task_run_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
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
class Verdict:
    """The ruling on a proposed state of a flow run."""

    accepted: bool
    attempt: int = 0
    actual: State[Any] | None = None
    replacement: State[Any] | None = None
    scheduled_time: datetime | None = None
    stop: bool = False
    wait_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Services:
    """Stubs of what the engine calls."""

    connection: Connection
    runs: Any = field(init=False)
    results: Any = field(init=False)
    contents: Any = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "runs", FlowRunServiceStub(self.connection.state))
        object.__setattr__(self, "results", ResultServiceStub(self.connection.artifact))
        object.__setattr__(self, "contents", ContentServiceStub(self.connection.artifact))

    async def create(self, run: NewRun) -> Claimed:
        """Create a flow run that this process owns from its first moment."""
        namespace = self.connection.namespace
        embedded = self.connection.embedded
        request = CreateFlowRunRequest(
            request_id=new_id(),
            namespace=namespace,
            flow_name=run.flow_name,
            flow_version=run.flow_version,
            name=cut(run.name, LONGEST),
            parameters=await self.payload(run.parameters),
            tags=run.tags,
            parent_flow_run_id=run.parent_flow_run_id,
            parent_task_run_id=run.parent_task_run_id,
            retry_policy=state_pb2.RetryPolicy(
                max_retries=run.max_retries,
                retry_delays=[_duration(seconds) for seconds in run.retry_delays],
            ),
            traceparent=telemetry.current_traceparent(),
            claim=SessionClaim(
                session_id=self.connection.session_id,
                kind=(
                    SessionKind.SESSION_KIND_EMBEDDED
                    if embedded
                    else SessionKind.SESSION_KIND_SCRIPT
                ),
            ),
        )
        reply = await patiently(lambda: _named(self.runs.CreateFlowRun(request)))
        return Claimed(
            owned=Owned(
                namespace=namespace,
                flow_run_id=reply.flow_run.id,
                lease_id=reply.lease.ref.lease_id,
                fence=reply.lease.ref.fence,
            ),
            name=reply.flow_run.name,
            root_flow_run_id=reply.flow_run.root_flow_run_id,
            renew_interval=_seconds(reply.renew_interval) or 5.0,
        )

    async def propose(self, owned: Owned, state: State[Any], result_id: str = "") -> Verdict:
        """Propose a state of an owned run, and return the ruling."""
        request = TransitionFlowRunRequest(
            request_id=new_id(),
            namespace=owned.namespace,
            flow_run_id=owned.flow_run_id,
            lease=LeaseRef(lease_id=owned.lease_id, fence=owned.fence),
            to_state=state_pb2.State(
                type=_TYPES[state.type],
                name=cut(state.name, 100),
                message=cut(state.message or "", LONGEST_MESSAGE),
                time=timestamp_of(state.timestamp),
                rolled_back=state.rolled_back,
            ),
            result_id=result_id,
        )
        reply = await patiently(lambda: _named(self.runs.TransitionFlowRun(request)))
        match reply.WhichOneof("verdict"):
            case "accepted":
                return Verdict(accepted=True, attempt=reply.accepted.flow_run.attempt)
            case "wait":
                return Verdict(accepted=False, wait_seconds=_seconds(reply.wait.retry_delay))
        rejected = reply.rejected
        moved = rejected.HasField("replacement_state")
        return Verdict(
            accepted=False,
            actual=_state(rejected.actual_state),
            replacement=_state(rejected.replacement_state) if moved else None,
            scheduled_time=(
                _time(rejected.replacement_state.scheduled_time)
                if moved and rejected.replacement_state.HasField("scheduled_time")
                else None
            ),
            stop=rejected.stop,
        )

    async def publish(self, owned: Owned, value: Encoded) -> str:
        """Publish what a run returned, and return the result's id."""
        result_id = new_id()
        request = PublishResultRequest(
            request_id=new_id(),
            namespace=owned.namespace,
            result_id=result_id,
            flow_run_id=owned.flow_run_id,
            lease=LeaseRef(lease_id=owned.lease_id, fence=owned.fence),
            payload=await self.payload(value),
        )
        await patiently(lambda: _named(self.results.PublishResult(request)))
        return result_id

    async def payload(self, value: Encoded) -> Payload:
        """Return the value for the wire; large ones are uploaded and named by digest."""
        content_type, data = value
        if len(data) <= INLINE_LIMIT:
            return Payload(content_type=content_type, inline=data)
        ref = ContentRef(sha256=hashlib.sha256(data).digest(), size=len(data))
        await self._upload(ref, data)
        return Payload(content_type=content_type, content=ref)

    async def value(self, payload: Payload) -> Any:
        """Return the value that a payload carries or names."""
        if payload.WhichOneof("data") == "inline":
            return decode(payload.content_type, payload.inline)
        return decode(payload.content_type, await self._download(payload.content.sha256))

    async def result(self, result_id: str) -> Any:
        """Return a published result's value."""
        request = GetResultRequest(namespace=self.connection.namespace, result_id=result_id)
        with named_errors():
            reply = await self.results.GetResult(request)
        return await self.value(reply.result.payload)

    async def flow_run(self, flow_run_id: str) -> flow_run_pb2.FlowRun:
        request = GetFlowRunRequest(
            namespace=self.connection.namespace, flow_run_id=flow_run_id
        )
        with named_errors():
            reply = await self.runs.GetFlowRun(request)
        return reply.flow_run  # type: ignore[no-any-return]

    async def origin(self, flow_run_id: str) -> Origin:
        run = await self.flow_run(flow_run_id)
        said = run.HasField("expected_start_time")
        return Origin(
            flow_version=run.flow_version,
            tags=tuple(run.tags),
            parent_flow_run_id=run.parent_flow_run_id,
            root_flow_run_id=run.root_flow_run_id,
            due=_time(run.expected_start_time) if said else None,
        )

    async def _upload(self, ref: ContentRef, data: bytes) -> None:
        namespace = self.connection.namespace
        try:
            with named_errors():
                asked = GetContentRequest(namespace=namespace, sha256=ref.sha256)
                await self.contents.GetContent(asked)
        except ContentNotFound:
            for left in reversed(range(UPLOADS)):
                try:
                    return await self._send_chunks(ref, data)
                except UploadIncomplete:
                    # The server lost a part; it answers the first chunk with what it has.
                    if not left:
                        raise

    async def _send_chunks(self, ref: ContentRef, data: bytes) -> None:
        namespace = self.connection.namespace
        offset = 0
        while offset < len(data):
            chunk = UploadChunkRequest(
                namespace=namespace, ref=ref, offset=offset, chunk=data[offset : offset + CHUNK]
            )
            with named_errors():
                offset = (await self.contents.UploadChunk(chunk)).received_size
        with named_errors():
            await self.contents.CommitContent(
                CommitContentRequest(namespace=namespace, ref=ref)
            )

    async def _download(self, sha256: bytes) -> bytes:
        request = DownloadContentRequest(namespace=self.connection.namespace, sha256=sha256)
        with named_errors():
            chunks = [reply.chunk async for reply in self.contents.DownloadContent(request)]
        return b"".join(chunks)


async def _named(call: Awaitable[Any]) -> Any:
    with named_errors():
        return await call


async def changes_of(
    services: Services, flow_run_id: str
) -> AsyncIterator[flow_run_pb2.FlowRun]:
    """Yield the run as it is, and again after each change."""
    namespace = services.connection.namespace
    listed = ListFlowRunsRequest(
        namespace=namespace, filter=flow_run_pb2.FlowRunFilter(flow_run_id=flow_run_id)
    )
    with named_errors():
        page = await services.runs.ListFlowRuns(listed)
    for run in page.flow_runs:
        yield run
    watch = WatchFlowRunsRequest(
        namespace=namespace, cursor=page.watch_cursor, flow_run_id=flow_run_id
    )
    with named_errors():
        async for reply in services.runs.WatchFlowRuns(watch):
            for run in reply.changes:
                yield run


def timestamp_of(time: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(time)
    return stamp


def state_of(state: state_pb2.State, flow_run_id: str = "") -> State[Any]:
    """Return a stored state as a user's program sees it."""
    return _state(state).of_run(flow_run_id=flow_run_id)


def _state(state: state_pb2.State) -> State[Any]:
    return State(
        type=_NAMES[state.type],
        name=state.name,
        message=state.message,
        timestamp=_time(state.time),
        rolled_back=state.rolled_back,
    )


def _time(stamp: Timestamp) -> datetime:
    return stamp.ToDatetime(tzinfo=UTC)


def _duration(seconds: float) -> Duration:
    return Duration(seconds=int(seconds), nanos=int(seconds % 1 * 1_000_000_000))


def _seconds(duration: Duration) -> float:
    return float(duration.seconds + duration.nanos / 1_000_000_000)
