"""What `-o json` makes of messages: nothing is lost, and nothing breaks it."""

import json

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from penstock.api.state.v1.flow_run_pb2 import FlowRun
from penstock.api.state.v1.state_pb2 import State
from penstock.api.state.v1.step_pb2 import UPSTREAM_KIND_DATA, Upstream
from penstock.api.type.v1.payload_pb2 import ContentRef, Payload
from penstock.api.type.v1.retry_policy_pb2 import RetryPolicy
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.api.type.v1.run_spec_pb2 import RunSpec
from penstock.client.rows import row_of

TOO_LARGE = 2**53 + 1


def test_large_integers_are_strings() -> None:
    assert row_of(FlowRun(revision=2**53))["revision"] == 2**53
    assert row_of(FlowRun(revision=TOO_LARGE))["revision"] == str(TOO_LARGE)


def test_parameters_are_shown_one_by_one_in_the_order_of_their_names() -> None:
    spec = RunSpec(
        parameters={
            "rows": json_of(b"[1, {}]"),
            "large": json_of(b'"9007199254740993"', integers=[""]),
            "model": Payload(content_type="application/x-cloudpickle", inline=b"\x80\x05"),
            "file": Payload(
                content_type="text/csv", content=ContentRef(sha256=b"\x01" * 32, size=70_000)
            ),
        },
        labels={"b": "2", "a": "1"},
    )
    values = row_of(spec)
    assert list(values["labels"]) == ["a", "b"]
    assert values["parameters"] == {
        "file": {"content_type": "text/csv", "sha256": "01" * 32, "size": 70_000},
        "large": "9007199254740993",
        "model": {"content_type": "application/x-cloudpickle", "size": 2},
        "rows": [1, {}],
    }


NOT_JSON = [b"{", b"NaN", b"\xff", b"[" * 100_000, b"1e999", b"[[-1e999]]", b"9" * 5_000]
TOO_DEEP = b"[" * 150 + b"]" * 150


@pytest.mark.parametrize("data", [*NOT_JSON, TOO_DEEP], ids=lambda data: repr(data[:9]))
def test_what_cannot_be_read_as_json_is_shown_as_such(data: bytes) -> None:
    spec = row_of(RunSpec(parameters={"x": json_of(data)}))
    wanted = {"content_type": "application/json", "size": len(data), "unreadable": True}
    assert spec["parameters"]["x"] == wanted


def test_an_enum_value_of_a_newer_server_is_a_number() -> None:
    state = State.FromString(b"\x08\x63")
    assert row_of(state)["state_type"] == "UNKNOWN_99"


@pytest.mark.parametrize("seconds", [-(2**62), 2**62, 253_402_300_800])
def test_a_time_out_of_range_is_shown_as_such(seconds: int) -> None:
    time = row_of(State(time=Timestamp(seconds=seconds)))["time"]
    assert time == f"unreadable: {seconds} s, 0 ns"


def test_a_duration_is_never_too_long_to_be_shown() -> None:
    policy = RetryPolicy(retry_delays=[Duration(seconds=2**62), Duration(nanos=500_000_000)])
    assert row_of(policy)["retry_delays"] == [2.0**62, 0.5]


def test_numbers_that_json_has_no_word_for_are_texts() -> None:
    assert row_of(RetryPolicy(jitter_factor=float("inf")))["jitter_factor"] == "inf"


def test_a_message_that_was_left_out_is_read_as_an_empty_one_and_not_printed() -> None:
    run = row_of(FlowRun(id="r"))
    assert run["state"]["name"] == run["spec"]["flow_name"] == ""
    assert run["state"]["time"] == ""
    assert not {"state", "spec"} & set(json.loads(json.dumps(run)))
    with pytest.raises(KeyError):
        run["colour"]


def test_an_edge_says_what_it_feeds() -> None:
    edge = Upstream(run=RunRef(task_run_id="t"), kind=UPSTREAM_KIND_DATA, parameter="x")
    assert row_of(edge) == {"run": {"task_run_id": "t"}, "kind": "DATA", "parameter": "x"}


def json_of(data: bytes, integers: tuple[str, ...] | list[str] = ()) -> Payload:
    return Payload(content_type="application/json", inline=data, integer_pointers=integers)
