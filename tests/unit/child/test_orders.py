import io
import threading
from datetime import timedelta

import pytest

from penstock.child.orders import NoOrder, Orders
from penstockd.executor.rules.child_message import cancel_message, work_message
from penstockd.executor.rules.work import Payload
from unit.executor.builders import a_work


def test_the_child_reads_what_the_executor_writes() -> None:
    work = a_work(parameters=Payload(content_type="application/json", inline=b'{"litres": 3}'))
    line = work_message(work, traceparent="00-aa-bb-01")
    job = Orders(io.BytesIO(line)).job()
    assert (job.flow_run_id, job.fence) == (str(work.flow_run_id), work.lease.fence)
    assert (job.entrypoint, job.inline) == (work.launch.entrypoint, b'{"litres": 3}')
    assert job.traceparent == "00-aa-bb-01"


def test_a_run_without_arguments_has_an_empty_object_of_them() -> None:
    line = work_message(a_work(parameters=None), traceparent="")
    job = Orders(io.BytesIO(line)).job()
    assert (job.content_type, job.inline) == ("application/json", b"{}")


def test_large_arguments_come_by_digest() -> None:
    payload = Payload(content_type="application/x-cloudpickle", sha256=b"\1" * 32, size=80_000)
    line = work_message(a_work(parameters=payload), traceparent="")
    job = Orders(io.BytesIO(line)).job()
    assert (job.inline, job.sha256, job.size) == (None, b"\1" * 32, 80_000)


def test_a_cancel_is_told_with_its_reason() -> None:
    told: list[str] = []
    heard = threading.Event()

    def cancel(message: str) -> None:
        told.append(message)
        heard.set()

    Orders(io.BytesIO(cancel_message("enough", timedelta(seconds=5)))).listen(cancel)
    assert heard.wait(5)
    assert told == ["enough"]


def test_a_pipe_that_ends_at_once_is_no_order() -> None:
    with pytest.raises(NoOrder):
        Orders(io.BytesIO(b"")).job()
