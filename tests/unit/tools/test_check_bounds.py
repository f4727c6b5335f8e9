"""A field that a request may carry without a bound is found, wherever it stands."""

import pytest
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorSet

from tools.check_bounds import DESCRIPTORS, check

SET = DESCRIPTORS.read_bytes()


def field_of(contract: FileDescriptorSet, message: str, name: str) -> FieldDescriptorProto:
    (found,) = (
        field
        for file in contract.file
        for each in file.message_type
        if f"{file.package}.{each.name}" == f"penstock.api.{message}"
        for field in each.field
        if field.name == name
    )
    return found


def test_the_contract_bounds_everything() -> None:
    assert check(FileDescriptorSet.FromString(SET)) == []


@pytest.mark.parametrize(
    ("message", "field", "fix"),
    [
        ("state.v1.State", "scheduled_time", "lt {seconds: 253370764800}"),
        ("state.v1.CreateFlowRunRequest", "expected_start_time", "gte {seconds: 0}"),
        ("type.v1.TimeRange", "start", "gte {seconds: 0}"),
        ("state.v1.LeaseGivenBack", "delay", "at most 100 years"),
        ("type.v1.RetryPolicy", "retry_delays", "repeated.max_items"),
        ("type.v1.RetryPolicy", "retry_delays", "at most 100 years"),
        ("type.v1.RunSpec", "tags", "repeated.max_items"),
        ("type.v1.RunSpec", "labels", "map.max_pairs"),
        ("type.v1.RunSpec", "labels", "string.max_len"),
        ("state.v1.State", "message", "string.max_len"),
        ("type.v1.Payload", "inline", "bytes.max_len"),
    ],
)
def test_a_field_without_a_bound_is_found(message: str, field: str, fix: str) -> None:
    contract = FileDescriptorSet.FromString(SET)
    field_of(contract, message, field).ClearField("options")
    found = [each.message for each in check(contract)]
    name = f"{message.rpartition('.')[2]}.{field}: "
    assert any(it.startswith(name) and fix in it for it in found), found


def test_the_bound_of_another_kind_is_none() -> None:
    contract = FileDescriptorSet.FromString(SET)
    time, delay = (
        field_of(contract, f"state.v1.{message}", name)
        for message, name in (("State", "time"), ("LeaseGivenBack", "delay"))
    )
    delay.options.CopyFrom(time.options)
    (finding,) = check(contract)
    assert finding.message.startswith("LeaseGivenBack.delay: ")
