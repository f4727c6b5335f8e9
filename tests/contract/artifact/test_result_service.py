"""What ResultService promises, over both transports, with leases of the real state service."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import grpc
import pytest
import pytest_asyncio

from contract.artifact.conftest import Site, artifact_beside
from penstock.api.artifact.v1 import content_service_pb2, result_pb2
from penstock.api.artifact.v1 import result_service_pb2 as pb
from penstock.api.artifact.v1.content_service_pb2_grpc import ContentServiceStub
from penstock.api.artifact.v1.result_service_pb2_grpc import ResultServiceStub
from penstock.api.state.v1 import (
    flow_run_service_pb2,
    lease_service_pb2,
    worker_session_pb2,
    worker_session_service_pb2,
)
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.lease_service_pb2_grpc import LeaseServiceStub
from penstock.api.state.v1.worker_session_service_pb2_grpc import WorkerSessionServiceStub
from penstock.api.type.v1.launch_spec_pb2 import PROGRAM_KIND_PYTHON, LaunchSpec, PythonProgram
from penstock.api.type.v1.lease_pb2 import LeaseRef
from penstock.api.type.v1.payload_pb2 import ContentRef, Payload
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.api.type.v1.run_spec_pb2 import RunSpec
from penstock.errors import (
    ContentNotFound,
    FlowRunNotFound,
    IdTaken,
    InvalidArgument,
    LeaseLost,
    NotSupportedYet,
    RequestIdReused,
    ResultNotFound,
    Unavailable,
)
from penstock.wire_channels import open_channel, with_call_defaults
from penstock.wire_errors import named_errors
from unit.artifact.builders import an_id

pytestmark = pytest.mark.asyncio

INLINE = Payload(content_type="application/json", inline=b"42")
LARGE_INTEGER = Payload(
    content_type="application/json", inline=b'"9007199254740993"', integer_pointers=[""]
)
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest_asyncio.fixture
async def stub(channel: grpc.aio.Channel) -> Any:
    return ResultServiceStub(channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """A run and the lease of its owner."""

    flow_run_id: str
    lease: LeaseRef


class Workers:
    """Worker processes, as the state service sees them."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._runs = FlowRunServiceStub(channel)
        self._leases = LeaseServiceStub(channel)
        self._sessions = WorkerSessionServiceStub(channel)

    async def a_run(self) -> str:
        request = flow_run_service_pb2.CreateFlowRunRequest(
            request_id=str(an_id()),
            namespace="home",
            spec=RunSpec(
                flow_name="spring",
                launch=LaunchSpec(python=PythonProgram(entrypoint="spring.py:spring")),
                work_pool="pool",
            ),
        )
        return str((await self._runs.CreateFlowRun(request)).flow_run.id)

    async def claim(self) -> Owned:
        """A new worker claims the run that is due."""
        session = str(an_id())
        await self._sessions.OpenWorkerSession(
            worker_session_service_pb2.OpenWorkerSessionRequest(
                namespace="home",
                session_id=session,
                kind=worker_session_pb2.SESSION_KIND_EXECUTOR,
            )
        )
        request = lease_service_pb2.ClaimRequest(
            request_id=str(an_id()),
            namespace="home",
            session_id=session,
            work_pool="pool",
            work_queues=["default"],
            limit=1,
            programs=[PROGRAM_KIND_PYTHON],
        )
        (claimed,) = (await self._leases.Claim(request)).claimed
        return Owned(flow_run_id=claimed.flow_run.id, lease=claimed.lease.lease_ref)

    async def an_owned_run(self) -> Owned:
        await self.a_run()
        return await self.claim()

    async def give_back(self, owned: Owned) -> None:
        outcome = lease_service_pb2.LeaseOutcome(lease=owned.lease)
        outcome.given_back.message = "not now"
        await self._leases.Complete(
            lease_service_pb2.CompleteRequest(namespace="home", outcomes=[outcome])
        )


@pytest_asyncio.fixture
async def workers(state_channel: grpc.aio.Channel) -> Workers:
    return Workers(state_channel)


def a_publication(owned: Owned, **changes: Any) -> pb.PublishResultRequest:
    given: dict[str, Any] = {
        "request_id": str(an_id()),
        "namespace": "home",
        "result_id": str(an_id()),
        "run": RunRef(flow_run_id=owned.flow_run_id),
        "lease": owned.lease,
        "payload": INLINE,
    }
    return pb.PublishResultRequest(**(given | changes))


async def publish(stub: Any, request: pb.PublishResultRequest, **options: Any) -> Any:
    return (await stub.PublishResult(request, **options)).result


async def get(stub: Any, result_id: str, namespace: str = "home") -> Any:
    request = pb.GetResultRequest(namespace=namespace, result_id=result_id)
    return (await stub.GetResult(request)).result


async def bring(channel: grpc.aio.Channel, data: bytes) -> ContentRef:
    contents, ref = ContentServiceStub(channel), ContentRef(size=len(data))
    ref.sha256 = sha256(data).digest()
    upload = content_service_pb2.UploadChunkRequest(
        namespace="home", content_ref=ref, chunk=data
    )
    await contents.UploadChunk(upload)
    await contents.CommitContent(
        content_service_pb2.CommitContentRequest(namespace="home", content_ref=ref)
    )
    return ref


async def test_the_owner_publishes_a_small_value(stub: Any, workers: Workers) -> None:
    owned = await workers.an_owned_run()
    request = a_publication(owned, payload=LARGE_INTEGER)
    published = await publish(stub, request, metadata=(("traceparent", TRACE),))
    expected = result_pb2.Result(
        id=request.result_id,
        namespace="home",
        run=RunRef(flow_run_id=owned.flow_run_id),
        lease=owned.lease,
        payload=LARGE_INTEGER,
        create_time=published.create_time,
        traceparent=TRACE,
    )
    assert published == expected
    assert published.create_time.seconds > 0
    assert await get(stub, request.result_id) == published


async def test_the_owner_publishes_a_large_value_by_its_digest(
    stub: Any, workers: Workers, channel: grpc.aio.Channel
) -> None:
    ref = await bring(channel, bytes(100_000))
    payload = Payload(content_type="application/x-cloudpickle", content=ref)
    request = a_publication(await workers.an_owned_run(), payload=payload)
    await publish(stub, request)
    result = await get(stub, request.result_id)
    assert result.payload == payload


async def test_content_must_be_there_first(stub: Any, workers: Workers) -> None:
    ref = ContentRef(sha256=bytes(32), size=1)
    payload = Payload(content_type="text/plain", content=ref)
    request = a_publication(await workers.an_owned_run(), payload=payload)
    with pytest.raises(ContentNotFound), named_errors():
        await publish(stub, request)


async def test_a_stale_worker_uploads_but_publishes_nothing(
    stub: Any, workers: Workers, channel: grpc.aio.Channel
) -> None:
    stale = await workers.an_owned_run()
    await workers.give_back(stale)
    current = await workers.claim()
    assert current.flow_run_id == stale.flow_run_id
    payload = Payload(content_type="text/plain", content=await bring(channel, b"late"))
    late = a_publication(stale, payload=payload)
    with pytest.raises(LeaseLost), named_errors():
        await publish(stub, late)
    with pytest.raises(ResultNotFound), named_errors():
        await get(stub, late.result_id)
    assert (await publish(stub, a_publication(current))).lease.fence > stale.lease.fence


async def test_a_fence_without_its_lease_is_no_right(stub: Any, workers: Workers) -> None:
    owned = await workers.an_owned_run()
    guessed = LeaseRef(lease_id=str(an_id()), fence=owned.lease.fence)
    with pytest.raises(LeaseLost), named_errors():
        await publish(stub, a_publication(owned, lease=guessed))


async def test_a_run_that_is_not_there_has_no_result(stub: Any, workers: Workers) -> None:
    owned = await workers.an_owned_run()
    with pytest.raises(FlowRunNotFound), named_errors():
        await publish(stub, a_publication(owned, run=RunRef(flow_run_id=str(an_id()))))
    with pytest.raises(FlowRunNotFound), named_errors():
        await publish(stub, a_publication(owned, namespace="away"))


async def test_a_request_that_comes_twice_happens_once(stub: Any, workers: Workers) -> None:
    owned = await workers.an_owned_run()
    request = a_publication(owned)
    first = await publish(stub, request)
    await workers.give_back(owned)
    assert await publish(stub, request) == first


async def test_a_request_id_serves_one_intent(stub: Any, workers: Workers) -> None:
    request = a_publication(await workers.an_owned_run())
    await publish(stub, request)
    request.payload.inline = b"43"
    with pytest.raises(RequestIdReused), named_errors():
        await publish(stub, request)


async def test_an_id_is_not_taken_twice(stub: Any, workers: Workers) -> None:
    first = a_publication(await workers.an_owned_run())
    await publish(stub, first)
    second = a_publication(await workers.an_owned_run(), result_id=first.result_id)
    with pytest.raises(IdTaken), named_errors():
        await publish(stub, second)


async def test_an_absent_result_is_told(stub: Any, workers: Workers) -> None:
    request = a_publication(await workers.an_owned_run())
    await publish(stub, request)
    with pytest.raises(ResultNotFound), named_errors():
        await get(stub, str(an_id()))
    with pytest.raises(ResultNotFound), named_errors():
        await get(stub, request.result_id, "away")


async def test_nothing_is_published_while_nobody_tells_who_owns_the_run(site: Site) -> None:
    owned = Owned(flow_run_id=str(an_id()), lease=LeaseRef(lease_id=str(an_id()), fence=1))
    async with (
        open_channel("127.0.0.1:1", retries=False) as nobody,
        artifact_beside(site, with_call_defaults(nobody)) as channel,
    ):
        stub = ResultServiceStub(channel)
        request = a_publication(owned)
        with pytest.raises(Unavailable), named_errors():
            await publish(stub, request)
        with pytest.raises(ResultNotFound), named_errors():
            await get(stub, request.result_id)


@pytest.mark.parametrize(
    "changes",
    [
        {"request_id": "1"},
        {"namespace": ""},
        {"result_id": "../../x"},
        {"run": RunRef()},
        {"run": RunRef(flow_run_id="x")},
        {"lease": LeaseRef(lease_id=str(an_id()), fence=0)},
        {"payload": Payload(content_type="text/plain")},
        {"payload": Payload(content_type="text/plain", inline=bytes(65_537))},
        {"payload": Payload(content_type="", inline=b"42")},
    ],
)
async def test_what_breaks_a_rule_is_refused(
    stub: Any, workers: Workers, changes: dict[str, Any]
) -> None:
    request = a_publication(await workers.an_owned_run(), **changes)
    with pytest.raises(InvalidArgument), named_errors():
        await publish(stub, request)


async def test_a_task_runs_result_is_not_published_yet(stub: Any, workers: Workers) -> None:
    owned = await workers.an_owned_run()
    request = a_publication(owned, run=RunRef(task_run_id=str(an_id())))
    with pytest.raises(NotSupportedYet) as refused, named_errors():
        await publish(stub, request)
    assert refused.value.metadata["field"] == "run.task_run_id"


async def test_an_id_that_is_none_is_refused(stub: Any) -> None:
    with pytest.raises(InvalidArgument), named_errors():
        await get(stub, "%2e%2e/x")
