"""The child reads what the executor writes: both ends of `child.proto`."""

import io
import threading
from datetime import timedelta
from typing import Any

import pytest
from google.protobuf.message import Message
from google.protobuf.proto import serialize_length_prefixed

from penstock.api.executor.v1.child_pb2 import ChildCancel, ChildJob, ChildOrder
from penstock.child import wire_orders
from penstock.child.wire_orders import NoOrder, Orders
from penstockd.executor.rules.work import Launch, Payload, Work
from penstockd.executor.runtimes import Cancel, Job, child_wire
from penstockd.executor.runtimes.child_wire import job_message, order_message
from unit.executor.builders import a_work

ENOUGH = Cancel(message="enough", grace=timedelta(seconds=5))


def read(work: Work, **about: Any) -> wire_orders.Job:
    return Orders(io.BytesIO(job_message(Job(work=work, **about)))).job()


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
        thread.join(5)
    return told


def test_the_child_reads_what_the_executor_writes() -> None:
    launch = Launch(
        interpreter="", working_dir="/flows", sys_path=("/lib",), entrypoint="a.py:b"
    )
    work = a_work(launch=launch, deployment_id="d", deployment_version=4, attempt=2)
    job = read(work, traceparent="00-aa-bb-01", addresses={"state": "localhost:7471"})
    assert (job.namespace, job.flow_run_id) == ("home", str(work.flow_run_id))
    assert (job.flow_run_name, job.flow_name) == ("quick-otter", "spring")
    assert (job.lease_id, job.fence) == (str(work.lease.lease_id), work.lease.fence)
    assert job.session_id == job.lease_id
    assert (job.deployment_id, job.deployment_version, job.attempt) == ("d", 4, 2)
    assert (job.entrypoint, job.working_dir, job.sys_path) == ("a.py:b", "/flows", ("/lib",))
    assert job.traceparent == "00-aa-bb-01"
    assert job.addresses == {"state": "localhost:7471"}


def test_arguments_come_as_they_were_given() -> None:
    given = Payload(content_type="application/json", inline=b'{"litres":\n3}')
    parameters = read(a_work(parameters=given)).parameters
    assert (parameters.content_type, parameters.inline) == (given.content_type, given.inline)


def test_a_run_without_arguments_has_an_empty_object_of_them() -> None:
    parameters = read(a_work(parameters=None)).parameters
    assert (parameters.content_type, parameters.inline) == ("application/json", b"{}")


def test_large_arguments_come_by_digest() -> None:
    given = Payload(content_type="application/x-cloudpickle", sha256=b"\1" * 32, size=80_000)
    parameters = read(a_work(parameters=given)).parameters
    assert parameters.WhichOneof("data") == "content"
    assert (parameters.content.sha256, parameters.content.size) == (b"\1" * 32, 80_000)


def test_both_ends_speak_the_same_version() -> None:
    assert wire_orders.PROTOCOL_VERSION == child_wire.PROTOCOL_VERSION


@pytest.mark.parametrize("version", [0, wire_orders.PROTOCOL_VERSION + 1])
def test_a_job_of_a_version_that_is_not_known_is_refused(version: int) -> None:
    with pytest.raises(NoOrder, match=f"speaks version {version} .* knows up to 1: install"):
        Orders(framed(ChildJob(protocol_version=version))).job()


def test_what_a_later_executor_adds_is_passed_over() -> None:
    job = read(a_work())
    longer = io.BytesIO(job_message(Job(work=a_work())))
    message = ChildJob.FromString(longer.getvalue()[2:] + b"\xfa\x7f\x03new")
    assert Orders(framed(message)).job().entrypoint == job.entrypoint


@pytest.mark.parametrize(
    "text",
    [
        b'{"namespace": "default"}\n',
        job_message(Job(work=a_work()))[:-1],
        b"\xff",
        b"\xff" * 16,
    ],
)
def test_a_pipe_that_holds_something_else_is_refused(text: bytes) -> None:
    with pytest.raises(NoOrder, match="holds no ChildJob"):
        Orders(io.BytesIO(text)).job()


def test_a_pipe_that_ends_at_once_is_no_order() -> None:
    with pytest.raises(NoOrder, match="ended before it said"):
        Orders(io.BytesIO(b"")).job()


def test_a_cancel_is_told_with_its_reason() -> None:
    order = ChildOrder.FromString(order_message(ENOUGH)[1:])
    assert order.cancel.grace.ToTimedelta() == ENOUGH.grace
    assert heard(io.BytesIO(order_message(ENOUGH))) == ["enough"]


def test_an_order_that_is_not_known_does_not_hide_the_next() -> None:
    # Field 9 is none of today's orders.
    pause = ChildOrder.FromString(b"\x4a\x00")
    cancel = ChildOrder(cancel=ChildCancel(message="enough"))
    assert heard(framed(pause, cancel)) == ["enough"]


def test_a_pipe_that_breaks_off_ends_the_listening_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert heard(io.BytesIO(order_message(ENOUGH)[:-1])) == []
    assert "holds no ChildOrder" in capsys.readouterr().err
