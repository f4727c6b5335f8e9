"""What tests of the executor arrange with."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from penstock.api.scheduler.v1 import work_service_pb2 as work_pb
from penstock.api.type.v1.launch_spec_pb2 import LaunchSpec, PythonProgram
from penstock.api.type.v1.lease_pb2 import Lease
from penstock.api.type.v1.lease_pb2 import LeaseRef as LeaseRefMessage
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.api.type.v1.run_spec_pb2 import RunSpec
from penstockd.chassis.ids import uuid7
from penstockd.executor.peers.scheduler_wire import work_from_proto
from penstockd.executor.rules.execution import Execution
from penstockd.executor.rules.work import LeaseRef, Work

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
_numbers = count(1)


def an_id() -> UUID:
    return uuid7(NOON, next(_numbers))


def a_work(
    launch: LaunchSpec | None = None, *, flow_run_name: str = "quick-otter", attempt: int = 1
) -> Work:
    return work_from_proto(
        work_pb.Work(
            lease=Lease(
                lease_ref=LeaseRefMessage(lease_id=str(an_id()), fence=3),
                namespace="home",
                run=RunRef(flow_run_id=str(an_id())),
                attempt=attempt,
            ),
            spec=RunSpec(
                flow_name="spring",
                launch=launch
                or LaunchSpec(python=PythonProgram(entrypoint="spring.py:spring")),
            ),
            flow_run_name=flow_run_name,
        )
    )


def an_execution(**changes: Any) -> Execution:
    execution = Execution(
        lease=LeaseRef(lease_id=an_id(), fence=3),
        namespace="home",
        flow_run_id=an_id(),
        incarnation=an_id(),
        runtime="process",
        start_time=NOON,
    )
    return replace(execution, **changes)
