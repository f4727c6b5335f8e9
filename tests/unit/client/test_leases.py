"""A session is renewed with its leases, by its own process or by one that acts for it."""

import asyncio
from typing import cast

import grpc

from penstock.api.state.v1.lease_service_pb2 import RenewResponse
from penstock.api.state.v1.worker_session_service_pb2 import CloseWorkerSessionResponse
from penstock.api.type.v1 import lease_pb2
from penstock.client.leases import LeasePhase, Leases, LeaseVerdict, Report
from penstock.client.sessions import SessionOfAnother, Sessions
from penstock.client.wire.owned import LeaseRef
from unit.client.channels import SESSION, Answering, connection_over

VERDICTS = [
    lease_pb2.LeaseVerdict(lease_id="kept", ruling=lease_pb2.LEASE_RULING_OK),
    lease_pb2.LeaseVerdict(
        lease_id="asked", ruling=lease_pb2.LEASE_RULING_CANCEL, message="by a person"
    ),
    lease_pb2.LeaseVerdict(lease_id="taken", ruling=lease_pb2.LEASE_RULING_LOST),
]


def test_a_renewal_says_how_far_each_lease_is_and_hears_its_ruling() -> None:
    service = Answering(Renew=lambda _request: RenewResponse(verdicts=VERDICTS))
    leases = connection_over(service).part(Leases)
    reports = [
        Report(LeaseRef("kept", 1), LeasePhase.RUNNING),
        Report(LeaseRef("asked", 2), LeasePhase.CANCELLING),
    ]
    assert asyncio.run(leases.renew(reports, wait=2.5)) == [
        LeaseVerdict("kept", cancel=False, lost=False, message=""),
        LeaseVerdict("asked", cancel=True, lost=False, message="by a person"),
        LeaseVerdict("taken", cancel=False, lost=True, message=""),
    ]
    [request] = service.asked
    assert (request.namespace, request.session_id) == ("default", str(SESSION))
    assert [(it.lease.lease_id, it.lease.fence, it.phase) for it in request.reports] == [
        ("kept", 1, lease_pb2.LEASE_PHASE_RUNNING),
        ("asked", 2, lease_pb2.LEASE_PHASE_CANCELLING),
    ]
    assert request.wait.ToTimedelta().total_seconds() == 2.5


def test_another_process_may_end_the_session() -> None:
    service = Answering(CloseWorkerSession=lambda _request: CloseWorkerSessionResponse())
    session = SessionOfAnother(
        state=cast(grpc.aio.Channel, service), namespace="n", session_id="s"
    )
    asyncio.run(Sessions(session).close())
    [request] = service.asked
    assert (request.namespace, request.session_id) == ("n", "s")
