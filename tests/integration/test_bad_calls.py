"""Calls that no caller should make, to every method, over sockets of real processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status

from integration.system import System
from penstock.errors import DOMAIN
from penstock.wire_errors import DETAILS_KEY
from witness import methods

METHODS = {f"{each.containing_service.name}/{each.name}": each for each in methods()}
AN_ID = "0190d7f0-0000-7000-8000-000000000001"
OVER_THE_LIMIT = 5 * 1024 * 1024
# A field 1 that says it is longer than the message: no parser takes it.
UNREADABLE = b"\x0a\xff\x01x"
PYTHON_WORDS = ("Traceback", "Error", "Exception", "_pb2", "object at 0x", "<class")
CALL_SECONDS = 5.0

every_method = pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))


@pytest.fixture(scope="module")
def channels(system: System) -> Iterator[dict[str, grpc.Channel]]:
    options = [
        ("grpc.max_send_message_length", 2 * OVER_THE_LIMIT),
        ("grpc.enable_http_proxy", 0),
    ]
    opened = {
        service: grpc.insecure_channel(address, options)
        for service, address in system.addresses.items()
    }
    yield opened
    for channel in opened.values():
        channel.close()


Send = Callable[..., grpc.RpcError]


@pytest.fixture(scope="module")
def refused(channels: dict[str, grpc.Channel]) -> Send:
    """Send bytes to a method and return the error; there must be one."""

    def send(
        method: MethodDescriptor, data: bytes, *, timeout: float | None = CALL_SECONDS
    ) -> grpc.RpcError:
        service = method.containing_service.full_name
        channel = channels[service.split(".")[2]]
        call: Any = channel.unary_stream(f"/{service}/{method.name}")
        with pytest.raises(grpc.RpcError) as caught:
            for _ in call(data, timeout=timeout):
                pass
        return caught.value

    return send


@every_method
def test_bytes_that_do_not_parse_are_the_callers_fault(
    refused: Send, method: MethodDescriptor
) -> None:
    error = refused(method, UNREADABLE)
    assert reason_of(error) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT")


@every_method
def test_a_call_without_a_deadline_is_refused(refused: Send, method: MethodDescriptor) -> None:
    error = refused(method, b"", timeout=None)
    assert reason_of(error) == (grpc.StatusCode.INVALID_ARGUMENT, "DEADLINE_MISSING")


@every_method
def test_a_message_over_four_mebibytes_is_refused(
    refused: Send, method: MethodDescriptor
) -> None:
    error = refused(method, b"\0" * OVER_THE_LIMIT)
    assert reason_of(error) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "MESSAGE_TOO_LARGE")


@every_method
def test_an_id_that_is_none_is_named_by_its_field(
    refused: Send, method: MethodDescriptor
) -> None:
    for field in id_fields(method):
        error = refused(method, with_field(method, field, "no-uuid"))
        assert reason_of(error) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT")
        assert field.name in bad_fields(error)


@every_method
def test_a_number_that_no_enum_has_is_named_by_its_field(
    refused: Send, method: MethodDescriptor
) -> None:
    for field in method.input_type.fields:
        if field.enum_type is None:
            continue
        error = refused(method, with_field(method, field, 99))
        assert reason_of(error) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT")
        named = f"{field.name}[0]" if field.is_repeated else field.name
        assert named in bad_fields(error)


def test_a_method_that_does_not_exist_is_unimplemented(
    channels: dict[str, grpc.Channel],
) -> None:
    call: Any = channels["state"].unary_unary("/penstock.api.state.v1.FlowService/Nonsense")
    with pytest.raises(grpc.RpcError) as caught:
        call(b"", timeout=CALL_SECONDS)
    assert code_of(caught.value) is grpc.StatusCode.UNIMPLEMENTED


def id_fields(method: MethodDescriptor) -> list[FieldDescriptor]:
    return [
        field
        for field in method.input_type.fields
        if field.type == FieldDescriptor.TYPE_STRING
        and (field.name == "request_id" or field.name.endswith("_id"))
    ]


def with_field(method: MethodDescriptor, field: FieldDescriptor, value: object) -> bytes:
    """Return a request that is empty but for its namespace, its ids and one field."""
    request: Any = GetMessageClass(method.input_type)()
    for each in id_fields(method):
        if not each.is_repeated and each.containing_oneof is None:
            setattr(request, each.name, AN_ID)
    if "namespace" in method.input_type.fields_by_name:
        request.namespace = "default"
    if field.is_repeated:
        getattr(request, field.name).append(value)
    else:
        setattr(request, field.name, value)
    return bytes(request.SerializeToString())


def code_of(error: Any) -> grpc.StatusCode:
    return error.code()  # type: ignore[no-any-return]


def text_of(error: Any) -> str:
    """Return what the caller reads; it must be words, and none of Python's."""
    text = str(error.details())
    assert text
    assert not any(word in text for word in PYTHON_WORDS), text
    return text


def status_of(error: Any) -> Status:
    return Status.FromString(dict(error.trailing_metadata() or ()).get(DETAILS_KEY, b""))


def reason_of(error: Any) -> tuple[grpc.StatusCode, str]:
    text_of(error)
    info = ErrorInfo()
    for detail in status_of(error).details:
        if detail.Unpack(info) and info.domain == DOMAIN:
            return error.code(), info.reason
    raise AssertionError(f"no reason came with {error.code()}: {error.details()}")


def bad_fields(error: Any) -> set[str]:
    bad = BadRequest()
    for detail in status_of(error).details:
        if detail.Unpack(bad):
            return {each.field for each in bad.field_violations}
    return set()
