"""What every call gets and every caller may rely on, over both transports."""

import asyncio
import logging
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status

from contract.chassis.echo_service import EchoServicer, EchoStub, soon, text, until_late
from penstock.errors import (
    Code,
    DeadlineExceeded,
    DeadlineMissing,
    FlowRunNotFound,
    InvalidArgument,
    MessageTooLarge,
    PenstockError,
    Unavailable,
)
from penstock.wire_errors import DETAILS_KEY, named_errors

pytestmark = pytest.mark.asyncio

SOON = 30


def details_of(error: Any, kind: type[Any]) -> list[Any]:
    trailing = dict(error.trailing_metadata() or ())
    status = Status.FromString(trailing[DETAILS_KEY])
    found = []
    for detail in status.details:
        message = kind()
        if detail.Unpack(message):
            found.append(message)
    return found


async def failure_of(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


async def test_a_reply_is_a_copy(stub: EchoStub, servicer: EchoServicer) -> None:
    reply = await stub.Echo(text("spring"), timeout=SOON)
    assert reply == text("spring")
    assert reply is not servicer.seen["request"]


async def test_what_the_servicer_adds_comes_behind_the_reply(stub: EchoStub) -> None:
    call = stub.Echo(text("x"), timeout=SOON)
    await call
    assert dict(await call.trailing_metadata())["x-replayed"] == "1"
    assert await call.code() is grpc.StatusCode.OK


async def test_the_caller_is_known(stub: EchoStub, servicer: EchoServicer) -> None:
    await stub.Echo(text("x"), timeout=SOON, metadata=(("penstock-client", "go/1.2"),))
    assert servicer.seen["client"] == "go/1.2"
    await stub.Echo(text("x"), timeout=SOON)
    assert servicer.seen["client"] == ""
    await stub.Echo(text("x"), timeout=SOON, metadata=(("penstock-client", "x" * 101),))
    assert servicer.seen["client"] == ""


async def test_a_local_caller_is_told_from_one_behind_a_socket(
    stub: EchoStub, servicer: EchoServicer, transport: str
) -> None:
    await stub.Echo(text("x"), timeout=SOON)
    assert servicer.seen["local"] == (transport == "local")


@pytest.mark.parametrize("method", ["Fail", "FailStream"])
async def test_an_error_keeps_its_class_and_metadata(stub: EchoStub, method: str) -> None:
    with pytest.raises(FlowRunNotFound) as caught, named_errors():
        await the_end_of(getattr(stub, method)(text("absent"), timeout=SOON))
    assert (str(caught.value), caught.value.metadata) == ("no flow run 7", {"flow_run_id": "7"})


async def the_end_of(call: Any) -> None:
    if not hasattr(call, "__aiter__"):
        await call
        return
    async for _ in call:
        pass


async def test_an_error_has_exactly_one_reason(stub: EchoStub) -> None:
    error = await failure_of(stub.Fail(text("absent"), timeout=SOON))
    [info] = details_of(error, ErrorInfo)
    assert (info.reason, info.domain) == ("FLOW_RUN_NOT_FOUND", "penstock")


async def test_a_wrong_field_is_named_as_data(stub: EchoStub) -> None:
    error = await failure_of(stub.Fail(text("wrong"), timeout=SOON))
    [bad] = details_of(error, BadRequest)
    assert [each.field for each in bad.field_violations] == ["name"]


async def test_who_is_unlucky_learns_when_to_come_back(stub: EchoStub) -> None:
    error = await failure_of(stub.Fail(text("gone"), timeout=SOON))
    [retry] = details_of(error, RetryInfo)
    assert retry.retry_delay.seconds == 1
    assert dict(error.trailing_metadata())["grpc-retry-pushback-ms"] == "1000"


async def test_an_error_longer_than_metadata_may_be_is_cut(stub: EchoStub) -> None:
    with pytest.raises(FlowRunNotFound) as caught, named_errors():
        await stub.Fail(text("long"), timeout=SOON)
    assert str(caught.value) == "ü" * 500


@pytest.mark.parametrize("method", ["Fail", "FailStream"])
async def test_a_bug_tells_nothing_of_itself(
    stub: EchoStub, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(PenstockError) as caught, named_errors():
        await the_end_of(getattr(stub, method)(text("bug"), timeout=SOON))
    assert (caught.value.code, str(caught.value)) == (Code.INTERNAL, "a bug in the server")
    [event] = [each for each in caplog.records if each.message == "rpc.failed"]
    assert event.levelno == logging.ERROR
    assert "hunter2" in caplog.text


@pytest.mark.parametrize("method", ["Echo", "Count"])
async def test_a_call_without_a_deadline_is_refused(stub: EchoStub, method: str) -> None:
    with pytest.raises(DeadlineMissing, match=f"{method}.*timeout=10"), named_errors():
        await the_end_of(getattr(stub, method)(text("1")))


async def test_a_long_deadline_is_shortened_for_what_the_call_does(stub: EchoStub) -> None:
    reply = await stub.Call(text("x"), timeout=10_000)
    assert float(reply.value) == 10
    reply = await stub.Call(text("x"), timeout=5)
    assert 0 < float(reply.value) < 5


async def test_a_deadline_ends_a_call(stub: EchoStub, servicer: EchoServicer) -> None:
    await until_late(stub.Sleep, servicer)
    await soon(servicer.cancelled)


async def test_a_deadline_ends_a_stream(stub: EchoStub, servicer: EchoServicer) -> None:
    replies: list[Any] = []
    seconds = 1
    while not replies:
        with pytest.raises(DeadlineExceeded), named_errors():
            async for reply in stub.WatchEcho(text("x"), timeout=seconds):
                replies.append(reply)  # noqa: PERF401 - what came before the end is kept
        seconds *= 2
    assert replies == [text("x")]
    await soon(servicer.cancelled)


async def test_a_deadline_that_is_over_ends_a_call_at_once(stub: EchoStub) -> None:
    with pytest.raises(DeadlineExceeded), named_errors():
        await stub.Sleep(text("x"), timeout=0)


async def test_a_rule_of_the_contract_is_kept(stub: EchoStub) -> None:
    with pytest.raises(InvalidArgument) as caught, named_errors():
        await stub.Echo(text("a b"), timeout=SOON)
    assert str(caught.value) == "Echo: value: must hold no space"
    with pytest.raises(InvalidArgument), named_errors():
        await the_end_of(stub.Count(text("a b"), timeout=SOON))


async def test_bytes_that_do_not_parse_are_the_callers_fault(stub: EchoStub) -> None:
    with pytest.raises(InvalidArgument, match="cannot be parsed") as caught, named_errors():
        await stub.raw("Echo")(b"\xff\xff\xff", timeout=SOON)
    assert "Error" not in str(caught.value)


async def test_a_message_over_4_mib_is_refused(stub: EchoStub) -> None:
    with pytest.raises(MessageTooLarge, match="4 MiB"), named_errors():
        await stub.Echo(text("x" * (5 << 20)), timeout=SOON)
    with pytest.raises(MessageTooLarge), named_errors():
        await the_end_of(stub.Count(text("x" * (5 << 20)), timeout=SOON))


async def test_an_unknown_method_is_unimplemented(stub: EchoStub) -> None:
    error = await failure_of(stub.Nope(text("x"), timeout=SOON))
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_a_call_can_be_cancelled(stub: EchoStub, servicer: EchoServicer) -> None:
    call = stub.Sleep(text("x"), timeout=SOON)
    await soon(servicer.parked)
    assert call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await call.code() is grpc.StatusCode.CANCELLED
    await soon(servicer.cancelled)


async def test_who_stops_waiting_cancels_the_call(
    stub: EchoStub, servicer: EchoServicer
) -> None:
    async def waiting() -> None:
        await stub.Sleep(text("x"), timeout=SOON)

    task = asyncio.create_task(waiting())
    await soon(servicer.parked)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await soon(servicer.cancelled)


async def test_a_stream_gives_its_replies_in_order(stub: EchoStub) -> None:
    got = [reply.value async for reply in stub.Count(text(50), timeout=SOON)]
    assert got == [str(number) for number in range(50)]


async def test_a_stream_can_be_cancelled(stub: EchoStub, servicer: EchoServicer) -> None:
    call = stub.WatchEcho(text("x"), timeout=SOON)
    assert await anext(aiter(call)) == text("x")
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await anext(aiter(call))
    await soon(servicer.cancelled)


async def test_calls_run_at_the_same_time(stub: EchoStub) -> None:
    waiting = [stub.AcquireEcho(text("x"), timeout=SOON) for _ in range(20)]
    assert await stub.Echo(text("y"), timeout=SOON) == text("y")
    for call in waiting:
        call.cancel()


async def test_unavailable_has_a_class(stub: EchoStub) -> None:
    with pytest.raises(Unavailable), named_errors():
        await stub.Fail(text("gone"), timeout=SOON)
