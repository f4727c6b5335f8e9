"""The child reads the messages of `child.proto`."""

import io
import threading
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.proto import serialize_length_prefixed

from hanging import HANG_LIMIT
from penstock.api.executor.v1.child_pb2 import ChildCancel, ChildJob, ChildOrder
from penstock.api.type.v1.launch_spec_pb2 import CommandProgram, LaunchSpec, PythonProgram
from penstock.api.type.v1.lease_pb2 import Lease
from penstock.api.type.v1.lease_pb2 import LeaseRef as LeaseRefMessage
from penstock.api.type.v1.payload_pb2 import ContentRef, Payload
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.api.type.v1.run_spec_pb2 import RunSpec
from penstock.child.wire_orders import PROTOCOL_VERSION, Job, NoOrder, Orders
from penstock.client.wire.owned import LeaseRef, Owned
from penstock.ground.ids import new_id

ENOUGH = ChildOrder(cancel=ChildCancel(message="enough", grace=Duration(seconds=5)))
PROGRAM = PythonProgram(working_dir="/flows", sys_path=["/lib"], entrypoint="a.py:b")


def a_lease() -> Lease:
    return Lease(
        lease_ref=LeaseRefMessage(lease_id=new_id(), fence=3),
        namespace="home",
        run=RunRef(flow_run_id=new_id()),
        attempt=2,
    )


def a_job(**changes: Any) -> ChildJob:
    given: dict[str, Any] = {
        "protocol_version": PROTOCOL_VERSION,
        "lease": a_lease(),
        "session_id": new_id(),
        "spec": RunSpec(flow_name="spring", launch=LaunchSpec(python=PROGRAM)),
        "flow_run_name": "quick-otter",
    }
    return ChildJob(**given | changes)


def read(message: ChildJob) -> Job:
    return Orders(framed(message)).job()


def framed(*messages: Message) -> io.BytesIO:
    stream = io.BytesIO()
    for message in messages:
        serialize_length_prefixed(message, stream)
    stream.seek(0)
    return stream


def heard(stream: io.BytesIO) -> list[str]:
    """Return the reasons of the cancels that a child hears in these orders."""
    told: list[str] = []
    before = set(threading.enumerate())
    Orders(stream).listen(told.append)
    for thread in set(threading.enumerate()) - before:
        thread.join(HANG_LIMIT)
    return told


def test_the_child_learns_what_to_run_and_under_which_lease() -> None:
    message = a_job(
        deployment_id="d",
        deployment_version=4,
        traceparent="00-aa-bb-01",
        addresses={"state": "localhost:7471"},
    )
    job, lease = read(message), message.lease
    assert job.owned == Owned(
        namespace="home",
        flow_run_id=lease.run.flow_run_id,
        lease=LeaseRef(lease.lease_ref.lease_id, 3),
    )
    assert (job.flow_run_name, job.flow_name) == ("quick-otter", "spring")
    assert job.session_id == message.session_id
    assert (job.deployment_id, job.deployment_version) == ("d", 4)
    assert (job.entrypoint, job.working_dir, job.sys_path) == ("a.py:b", "/flows", ("/lib",))
    assert job.traceparent == "00-aa-bb-01"
    assert job.addresses == {"state": "localhost:7471"}


def test_arguments_come_one_by_one_as_they_were_given() -> None:
    given = {
        "litres": Payload(content_type="application/json", inline=b"3"),
        "pump": Payload(
            content_type="application/x-cloudpickle",
            content=ContentRef(sha256=b"\1" * 32, size=80_000),
        ),
    }
    spec = RunSpec(flow_name="spring", launch=LaunchSpec(python=PROGRAM), parameters=given)
    assert read(a_job(spec=spec)).parameters == given


@pytest.mark.parametrize(
    "launch", [LaunchSpec(command=CommandProgram(argv=["ls"])), LaunchSpec(handler="images")]
)
def test_a_job_that_is_no_flow_in_python_is_refused(launch: LaunchSpec) -> None:
    with pytest.raises(NoOrder, match="not a run of a Python flow"):
        read(a_job(spec=RunSpec(flow_name="spring", launch=launch)))


@pytest.mark.parametrize("version", [0, PROTOCOL_VERSION + 1])
def test_a_job_of_a_version_that_is_not_known_is_refused(version: int) -> None:
    with pytest.raises(
        NoOrder, match=f"uses version {version} .* only versions up to 1: install"
    ):
        Orders(framed(ChildJob(protocol_version=version))).job()


def test_what_a_later_executor_adds_is_passed_over() -> None:
    message = ChildJob.FromString(a_job().SerializeToString() + b"\xfa\x7f\x03new")
    assert read(message).entrypoint == "a.py:b"


@pytest.mark.parametrize(
    "text",
    [
        b'{"namespace": "default"}\n',
        framed(a_job()).getvalue()[:-1],
        b"\xff",
        b"\xff" * 16,
    ],
)
def test_a_pipe_that_holds_something_else_is_refused(text: bytes) -> None:
    with pytest.raises(NoOrder, match="does not hold a valid ChildJob"):
        Orders(io.BytesIO(text)).job()


def test_a_pipe_that_ends_at_once_is_no_order() -> None:
    with pytest.raises(NoOrder, match="closed before it said"):
        Orders(io.BytesIO(b"")).job()


def test_a_cancel_is_told_with_its_reason() -> None:
    assert heard(framed(ENOUGH)) == ["enough"]


def test_an_order_that_is_not_known_does_not_hide_the_next() -> None:
    # Field 9 is none of today's orders.
    pause = ChildOrder.FromString(b"\x4a\x00")
    assert heard(framed(pause, ENOUGH)) == ["enough"]


def test_a_pipe_that_breaks_off_ends_the_listening_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert heard(io.BytesIO(framed(ENOUGH).getvalue()[:-1])) == []
    assert "does not hold a valid ChildOrder" in capsys.readouterr().err
