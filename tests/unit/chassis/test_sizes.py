from typing import Any

import pytest

from penstock.api.state.v1 import journal_service_pb2, transition_service_pb2
from penstock.api.state.v1.flow_run_service_pb2 import CreateFlowRunRequest
from penstock.api.type.v1 import failure_pb2, payload_pb2
from penstockd.chassis.max_bytes import MAX_BYTES
from penstockd.chassis.sizes import too_large

LARGEST_PAYLOAD = MAX_BYTES["penstock.api.type.v1.Payload"]


def a_payload(size: int) -> payload_pb2.Payload:
    """Take so many bytes; the pointers have each the bytes of a tag and a length, too."""
    pointer = "/" + "x" * 998
    payload = payload_pb2.Payload(content_type="application/json")
    while size - payload.ByteSize() > 1_100:
        payload.integer_pointers.append(pointer)
    payload.inline = b"x" * (size - payload.ByteSize() - 3)
    payload.inline = payload.inline[: len(payload.inline) + size - payload.ByteSize()]
    return payload


def a_run(**parameters: int) -> CreateFlowRunRequest:
    request = CreateFlowRunRequest(namespace="default")
    for name, size in parameters.items():
        request.spec.parameters[name].CopyFrom(a_payload(size))
    return request


def fields(request: Any) -> list[str]:
    return [each.field for each in too_large(request)]


def test_a_request_within_its_bounds_is_taken() -> None:
    assert fields(a_run(a=LARGEST_PAYLOAD)) == []
    assert fields(a_run(**{f"p{number}": 100_000 for number in range(10)})) == []


def test_what_has_a_bound_keeps_it_wherever_it_stands() -> None:
    assert fields(a_run(a=100, b=LARGEST_PAYLOAD + 1)) == ['spec.parameters["b"]']
    assert fields(a_run(**{f"p{number}": 100_000 for number in range(11)})) == ["spec"]
    journal = journal_service_pb2.AppendJournalRequest()
    journal.entries.add()
    journal.entries.add().moved.result.CopyFrom(a_payload(LARGEST_PAYLOAD + 1))
    assert fields(journal) == ["entries[1].moved.result"]
    end = transition_service_pb2.TransitionFlowRunRequest()
    cause = failure_pb2.FailureCause(message="x" * 100_000)
    end.failure.causes.extend([cause] * 8)
    assert fields(end) == ["failure"]


@pytest.mark.parametrize("key", ["a", 'b"]\n', "ü"])
def test_a_key_stands_readable_in_the_path(key: str) -> None:
    (field,) = fields(a_run(**{key: LARGEST_PAYLOAD + 1}))
    assert field.startswith("spec.parameters[")
    assert field.isprintable()


def test_the_description_says_how_much_there_is() -> None:
    (violation,) = too_large(a_run(a=LARGEST_PAYLOAD + 5))
    assert violation.description == "takes 131,077 bytes, but at most 131,072 are allowed"
