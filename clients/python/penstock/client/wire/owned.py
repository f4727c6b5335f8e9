"""A run that this process owns, and what it shows with everything that it writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from penstock.api.type.v1 import lease_pb2
from penstock.api.type.v1.run_ref_pb2 import RunRef


class LeaseRef(NamedTuple):
    """A lease, and the fence that makes it the run's current one."""

    lease_id: str
    fence: int

    def message(self) -> lease_pb2.LeaseRef:
        return lease_pb2.LeaseRef(lease_id=self.lease_id, fence=self.fence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """A flow run and the lease under which everything about it is written."""

    namespace: str
    flow_run_id: str
    lease: LeaseRef

    def run(self) -> RunRef:
        return RunRef(flow_run_id=self.flow_run_id)
