"""Leases as the state service tells them."""

from uuid import UUID

import grpc

from penstock.api.state.v1.lease_service_pb2 import CheckLeaseRequest
from penstock.api.state.v1.lease_service_pb2_grpc import LeaseServiceStub
from penstock.api.type.v1.lease_pb2 import LeaseRef as WireLeaseRef
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.errors import DeadlineExceeded, Unavailable
from penstock.wire_errors import named_errors
from penstockd.artifact.rules.result import LeaseRef

# Of the ten seconds that the worker waits for the publication.
SECONDS = 5.0


class WireLeases:
    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = LeaseServiceStub(channel)

    async def check(self, namespace: str, flow_run_id: UUID, lease: LeaseRef) -> None:
        request = CheckLeaseRequest(
            namespace=namespace,
            run=RunRef(flow_run_id=str(flow_run_id)),
            lease=WireLeaseRef(lease_id=str(lease.lease_id), fence=lease.fence),
        )
        try:
            with named_errors():
                await self._stub.CheckLease(request, timeout=SECONDS)
        except DeadlineExceeded as error:
            raise Unavailable(
                "the state service did not say in time who owns the run: call again"
            ) from error
