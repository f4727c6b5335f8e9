"""Deadlines and retries of every client follow from the contract."""

import ast
import json
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
    MethodOptions,
    ServiceDescriptorProto,
)

from penstock.api.service_config import SERVICE_CONFIG
from tools.generate import ROOT
from tools.generate import SERVICE_CONFIG as PATH
from tools.generate_service_config import (
    RETRY,
    Kind,
    as_json,
    as_python,
    kind_of,
    service_config,
)

SERVICE = "penstock.api.test.v1.WeirService"


def a_message(name: str = "Question", *fields: str) -> DescriptorProto:
    return DescriptorProto(name=name, field=[FieldDescriptorProto(name=it) for it in fields])


def a_method(name: str, request: str = "Question", **changes: Any) -> MethodDescriptorProto:
    options = MethodOptions(idempotency_level=changes.pop("level", MethodOptions.IDEMPOTENT))
    kind = f".penstock.api.test.v1.{request}"
    return MethodDescriptorProto(name=name, input_type=kind, options=options, **changes)


def a_contract(*methods: MethodDescriptorProto, package: str = "penstock.api.test.v1") -> Any:
    service = ServiceDescriptorProto(name="WeirService", method=methods)
    messages = [a_message(), a_message("LongQuestion", "wait")]
    file = FileDescriptorProto(
        name="weir.proto", package=package, message_type=messages, service=[service]
    )
    return FileDescriptorSet(file=[file])


@pytest.mark.parametrize(
    ("fields", "streams", "kind"),
    [
        ((), False, Kind.UNARY),
        (("waiting",), False, Kind.UNARY),
        (("wait",), False, Kind.LONG_POLL),
        (("wait",), True, Kind.STREAM),
        ((), True, Kind.STREAM),
    ],
)
def test_a_kind_is_seen_in_the_call(fields: tuple[str, ...], streams: bool, kind: Kind) -> None:
    method = a_method("Ask", server_streaming=streams)
    assert kind_of(method, a_message("Question", *fields)) is kind


def test_a_service_has_the_usual_policy_and_its_other_methods_are_named() -> None:
    contract = a_contract(
        a_method("Open"),
        a_method("Wait", "LongQuestion"),
        a_method("Watch", server_streaming=True),
    )
    assert service_config(contract)["methodConfig"] == [
        {"name": [{"service": SERVICE}], "timeout": "10s", "retryPolicy": RETRY},
        {
            "name": [{"service": SERVICE, "method": "Wait"}],
            "timeout": "45s",
            "retryPolicy": RETRY,
        },
        {
            "name": [{"service": SERVICE, "method": "Watch"}],
            "timeout": "1800s",
            "retryPolicy": RETRY,
        },
    ]


def test_what_may_not_happen_twice_is_not_retried() -> None:
    contract = a_contract(a_method("Open", level=MethodOptions.IDEMPOTENCY_UNKNOWN))
    named = {"name": [{"service": SERVICE, "method": "Open"}], "timeout": "10s"}
    assert named in service_config(contract)["methodConfig"]


def test_calls_are_spread_over_all_addresses() -> None:
    config = service_config(a_contract())
    assert config["loadBalancingConfig"] == [{"round_robin": {}}]


def test_services_of_others_are_not_spoken_of() -> None:
    config = service_config(a_contract(a_method("Open"), package="grpc.health.v1"))
    assert "WeirService" not in as_json(config)


def test_python_reads_the_same_as_everybody_else() -> None:
    assert json.loads((ROOT / PATH).read_text()) == SERVICE_CONFIG
    text = as_python(SERVICE_CONFIG, '"""Generated."""\n')
    assert ast.literal_eval(text.partition("Any] = ")[2]) == SERVICE_CONFIG
