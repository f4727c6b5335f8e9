"""What the executor says to its peers is what the contract allows, and it reads their words."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import grpc
import pytest
import pytest_asyncio
from google.protobuf.duration_pb2 import Duration

from penstock.api.scheduler.v1 import work_service_pb2 as work_pb
from penstock.api.scheduler.v1.work_service_pb2_grpc import (
    WorkServiceServicer,
    add_WorkServiceServicer_to_server,
)
from penstock.api.state.v1 import lease_service_pb2 as lease_pb
from penstock.api.state.v1 import log_service_pb2 as log_pb
from penstock.api.state.v1.lease_service_pb2_grpc import (
    LeaseServiceServicer,
    add_LeaseServiceServicer_to_server,
)
from penstock.api.state.v1.log_service_pb2_grpc import (
    LogServiceServicer,
    add_LogServiceServicer_to_server,
)
from penstock.api.state.v1.state_pb2 import State
from penstock.api.type.v1 import launch_spec_pb2, lease_pb2
from penstock.wire_channels import with_call_defaults
from penstockd.chassis.contract_rules import contract_check
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import local_channel
from penstockd.chassis.mounted import Mounted
from penstockd.executor.peers import (
    LeasePhase,
    LeaseVerdict,
    Manifest,
    Outcome,
    OutcomeKind,
    Poll,
    Report,
    Ruling,
)
from penstockd.executor.peers.scheduler_wire import WireScheduler
from penstockd.executor.peers.state_wire import WireLeases, WireLogs
from penstockd.executor.rules.log_line import LogBatch, LogLine
from unit.executor.builders import NOON, a_work, an_id

pytestmark = pytest.mark.asyncio

WORK = a_work()
REPORT = Report(lease=WORK.lease, phase=LeasePhase.RUNNING)
MANIFEST = Manifest(
    namespace="home",
    name="runner:1",
    work_pool="local-pool",
    work_queues=("default",),
    slots=3,
    execution_address="runner:7474",
)
LINE = LogLine(offset=7, time=NOON, level=20, logger="stdout", message="up")
# A ruling that only a later server knows.
PAUSE = 4


class Peers(WorkServiceServicer, LeaseServiceServicer, LogServiceServicer):
    """Keeps what it was asked last; rules by `ruling` on every lease."""

    def __init__(self) -> None:
        self.asked: Any = None
        self.logged: list[Any] = []
        self.ruling: Any = lease_pb2.LEASE_RULING_OK

    def add_to(self, server: grpc.aio.Server) -> None:
        add_WorkServiceServicer_to_server(self, server)
        add_LeaseServiceServicer_to_server(self, server)
        add_LogServiceServicer_to_server(self, server)

    async def Register(self, request: Any, context: Any) -> Any:  # noqa: N802 - the contract's
        self.asked = request
        return work_pb.RegisterResponse(
            renew_interval=Duration(seconds=5),
            pool_type="process",
            verdicts=self._verdicts(request.held),
        )

    async def Acquire(self, request: Any, context: Any) -> Any:  # noqa: N802 - the contract's
        self.asked = request
        return work_pb.AcquireResponse(works=[work_pb.Work.FromString(WORK.content)])

    async def Renew(self, request: Any, context: Any) -> Any:  # noqa: N802 - the contract's
        self.asked = request
        return lease_pb.RenewResponse(verdicts=self._verdicts(request.reports))

    async def Complete(self, request: Any, context: Any) -> Any:  # noqa: N802 - the contract's
        self.asked = request
        return lease_pb.CompleteResponse(
            results=[
                lease_pb.CompletedLease(lease_id=it.lease.lease_id, state=State(name="Crashed"))
                for it in request.outcomes
            ]
        )

    async def AppendLogs(self, request: Any, context: Any) -> Any:  # noqa: N802 - the contract's
        self.logged.append(request)
        return log_pb.AppendLogsResponse(acknowledged_offset=7)

    def _verdicts(self, reports: Any) -> list[lease_pb2.LeaseVerdict]:
        return [
            lease_pb2.LeaseVerdict(
                lease_id=it.lease.lease_id,
                ruling=self.ruling,
                message="enough",
                grace=Duration(seconds=25),
            )
            for it in reports
        ]


@pytest.fixture
def peers() -> Peers:
    return Peers()  # type: ignore[abstract]  # the rest is not called


@pytest_asyncio.fixture
async def channel(peers: Peers) -> AsyncIterator[grpc.aio.Channel]:
    chain = standard_chain(check=contract_check())
    channel = local_channel(Mounted(servicers=[peers]), chain)
    yield with_call_defaults(channel)
    await channel.close()


async def test_a_worker_says_what_it_can_start_and_what_it_holds(
    peers: Peers, channel: grpc.aio.Channel
) -> None:
    peers.ruling = lease_pb2.LEASE_RULING_LOST
    registered = await WireScheduler(channel, MANIFEST).register(an_id(), [REPORT])
    manifest = peers.asked.manifest
    assert (manifest.work_pool, list(manifest.work_queues)) == ("local-pool", ["default"])
    assert (manifest.capacity.slots, manifest.execution_address) == (3, "runner:7474")
    assert list(manifest.programs) == [launch_spec_pb2.PROGRAM_KIND_PYTHON]
    assert (list(manifest.handlers), manifest.protocol_version) == ([], 1)
    assert (registered.pool_type, registered.renew_interval) == (
        "process",
        timedelta(seconds=5),
    )
    [verdict] = registered.verdicts
    assert (verdict.lease_id, verdict.ruling) == (WORK.lease.lease_id, Ruling.LOST)


async def test_work_is_asked_for_as_much_as_is_free(
    peers: Peers, channel: grpc.aio.Channel
) -> None:
    poll = Poll(request_id=an_id(), worker_id=an_id(), slots=2, wait=timedelta(seconds=30))
    [work] = await WireScheduler(channel, MANIFEST).acquire(poll)
    assert (peers.asked.free.slots, peers.asked.wait.seconds) == (2, 30)
    assert work == WORK


async def test_a_renewal_tells_how_far_each_lease_is_and_hears_what_to_do(
    peers: Peers, channel: grpc.aio.Channel
) -> None:
    peers.ruling = lease_pb2.LEASE_RULING_CANCEL
    leases = WireLeases(channel, namespace="home")
    [verdict] = await leases.renew(an_id(), [REPORT], wait=timedelta(seconds=5))
    [report] = peers.asked.reports
    assert (report.lease.fence, report.phase) == (3, lease_pb2.LEASE_PHASE_RUNNING)
    assert verdict == LeaseVerdict(
        lease_id=WORK.lease.lease_id,
        ruling=Ruling.CANCEL,
        message="enough",
        grace=timedelta(seconds=25),
    )


async def test_a_ruling_of_a_later_server_asks_for_nothing(
    peers: Peers, channel: grpc.aio.Channel
) -> None:
    peers.ruling = PAUSE
    leases = WireLeases(channel, namespace="home")
    [verdict] = await leases.renew(an_id(), [REPORT], wait=timedelta(0))
    assert verdict.ruling is Ruling.OK


async def test_each_outcome_is_told_by_its_kind(
    peers: Peers, channel: grpc.aio.Channel
) -> None:
    outcomes = [
        Outcome(
            lease=WORK.lease,
            kind=kind,
            message="why",
            error_type="penstock.Died",
            interrupted=True,
        )
        for kind in OutcomeKind
    ]
    told = await WireLeases(channel, namespace="home").complete(outcomes)
    assert told == {WORK.lease.lease_id: "Crashed"}
    ended, cancelled, given_back = peers.asked.outcomes
    failure = ended.ended.failure
    assert (ended.ended.message, failure.error_type, failure.message) == (
        "why",
        "penstock.Died",
        "why",
    )
    assert failure.language == ""
    assert ended.ended.interrupted
    assert cancelled.cancelled.message == "why"
    assert given_back.given_back.message == "why"


async def test_lines_are_those_of_the_executor(peers: Peers, channel: grpc.aio.Channel) -> None:
    kept = await WireLogs(channel).append(WORK, LogBatch(lines=[LINE], last=False))
    assert kept == LINE.offset
    [request] = peers.logged
    assert (request.source, request.last) == ("worker", False)
    assert request.run.flow_run_id == str(WORK.flow_run_id)
    assert (request.namespace, request.lease.fence) == ("home", 3)
    [sent] = request.lines
    assert (sent.offset, sent.message) == (7, "up")


async def test_the_log_of_the_child_ends_after_that_of_its_executor(
    peers: Peers, channel: grpc.aio.Channel
) -> None:
    await WireLogs(channel).append(WORK, LogBatch(lines=[LINE], last=True))
    told = [(it.source, len(it.lines), it.last) for it in peers.logged]
    assert told == [("worker", 1, True), ("run", 0, True)]
