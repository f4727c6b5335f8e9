"""What an executor writes is what its child reads, with nothing lost in between."""

from datetime import timedelta
from io import BytesIO

from google.protobuf.proto import parse_length_prefixed

from penstock.api.executor.v1.child_pb2 import ChildJob
from penstock.api.scheduler.v1.work_service_pb2 import Work
from penstock.api.type.v1 import lease_pb2, payload_pb2
from penstock.api.type.v1.launch_spec_pb2 import LaunchSpec, PythonProgram
from penstock.api.type.v1.retry_policy_pb2 import RetryPolicy
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.api.type.v1.run_spec_pb2 import RunSpec
from penstock.child.wire_orders import Orders
from penstockd.executor.peers.scheduler_wire import work_from_proto
from penstockd.executor.runtimes import Cancel, Job
from penstockd.executor.runtimes.child_wire import job_message, order_message
from unit.executor.builders import an_id

THREE = payload_pb2.Payload(content_type="application/json", inline=b"3")
WORK = Work(
    lease=lease_pb2.Lease(
        lease_ref=lease_pb2.LeaseRef(lease_id=str(an_id()), fence=3),
        namespace="home",
        run=RunRef(flow_run_id=str(an_id())),
        session_id=str(an_id()),
        attempt=2,
        reason=lease_pb2.LEASE_REASON_RETRY,
        checkpoint=THREE,
    ),
    spec=RunSpec(
        flow_name="spring",
        flow_version="v9",
        tags=["daily"],
        labels={"team": "hydro"},
        parameters={"litres": THREE},
        retry_policy=RetryPolicy(max_retries=2),
        launch=LaunchSpec(
            python=PythonProgram(
                working_dir="/flows", sys_path=["lib"], entrypoint="spring.py:spring"
            ),
            environment={"RIVER": "full"},
        ),
        work_pool="local-pool",
    ),
    flow_run_name="quick-otter",
    deployment_id=str(an_id()),
    deployment_version=7,
)


def a_job() -> Job:
    work = work_from_proto(WORK)
    return Job(work=work, traceparent="00-trace", addresses={"state": "localhost:7471"})


def test_the_lease_and_the_specification_reach_the_child_whole() -> None:
    message = parse_length_prefixed(ChildJob, BytesIO(job_message(a_job())))
    assert message is not None
    assert (message.lease, message.spec) == (WORK.lease, WORK.spec)


def test_the_child_reads_its_run_and_then_that_it_is_cancelled() -> None:
    cancel = Cancel(message="enough", grace=timedelta(seconds=5))
    orders = Orders(BytesIO(job_message(a_job()) + order_message(cancel)))
    job = orders.job()
    lease = WORK.lease
    assert (job.owned.namespace, job.owned.flow_run_id) == ("home", lease.run.flow_run_id)
    assert job.owned.lease == (lease.lease_ref.lease_id, 3)
    assert job.session_id == lease.lease_ref.lease_id
    assert (job.flow_run_name, job.flow_name) == ("quick-otter", "spring")
    assert (job.entrypoint, job.working_dir, job.sys_path) == (
        "spring.py:spring",
        "/flows",
        ("lib",),
    )
    assert job.parameters == {"litres": THREE}
    assert (job.deployment_id, job.deployment_version) == (WORK.deployment_id, 7)
    assert (job.traceparent, job.addresses) == ("00-trace", {"state": "localhost:7471"})
    told: list[str] = []
    orders._listen(told.append)
    assert told == ["enough"]
