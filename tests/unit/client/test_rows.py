"""What `-o json` makes of messages: nothing is lost, and nothing breaks it."""

from penstock.api.state.v1.flow_run_pb2 import FlowRun
from penstock.api.state.v1.state_pb2 import State
from penstock.api.state.v1.step_pb2 import UPSTREAM_KIND_DATA, Upstream
from penstock.api.type.v1.payload_pb2 import ContentRef, Payload
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


def test_what_is_no_json_is_told_by_its_size() -> None:
    for data in (b"{", b"NaN", b"\xff", b"[" * 100_000):
        spec = row_of(RunSpec(parameters={"x": json_of(data)}))
        wanted = {"content_type": "application/json", "size": len(data)}
        assert spec["parameters"]["x"] == wanted


def test_an_enum_value_of_a_newer_server_is_as_good_as_none() -> None:
    state = State.FromString(b"\x08\x63")
    assert row_of(state)["state_type"] == "UNSPECIFIED"


def test_an_edge_says_what_it_feeds() -> None:
    edge = Upstream(run=RunRef(task_run_id="t"), kind=UPSTREAM_KIND_DATA, parameter="x")
    assert row_of(edge) == {"run": {"task_run_id": "t"}, "kind": "DATA", "parameter": "x"}


def json_of(data: bytes, integers: tuple[str, ...] | list[str] = ()) -> Payload:
    return Payload(content_type="application/json", inline=data, integer_pointers=integers)
