"""Both transports judge names alike: the validator of servers, and what every chain judges."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.api.state.v1.flow_run_service_pb2 import CreateFlowRunRequest
from penstock.api.state.v1.flow_service_pb2 import GetFlowRequest
from penstock.api.type.v1.run_spec_pb2 import RunSpec
from penstockd.chassis.contract_rules import contract_check
from penstockd.chassis.texts import illegal_texts

check = contract_check()
REQUEST_ID = "0190d7f0-0000-7000-8000-000000000001"
texts = st.text(max_size=70) | st.sampled_from(
    ["", " ", "a/b", "..", "a" * 63, "a" * 64, "x\u00a0y", "\u2028", "\u200b", "é", "\u0378"]
)


def a_request(**changes: Any) -> CreateFlowRunRequest:
    spec: dict[str, Any] = {"flow_name": "pipeline"}
    spec |= {
        name: changes.pop(name) for name in RunSpec.DESCRIPTOR.fields_by_name if name in changes
    }
    given_: dict[str, Any] = {"request_id": REQUEST_ID, "namespace": "home"}
    return CreateFlowRunRequest(**given_ | changes, spec=RunSpec(**spec))


@given(texts)
@pytest.mark.parametrize("field", ["namespace", "flow_name", "work_pool", "idempotency_key"])
def test_a_text_is_legal_on_both_transports_or_on_none(field: str, text: str) -> None:
    request = a_request(**{field: text})
    assert [it.field for it in illegal_texts(request)] == [it.field for it in check(request)]


@given(st.lists(texts.filter(bool), max_size=3))
def test_so_is_each_text_of_a_list(tags: list[str]) -> None:
    request = a_request(tags=tags)
    assert illegal_texts(request) == check(request)


@pytest.mark.parametrize(
    "text", ["", " ", "..", "a/b", "../../etc", "a\0b", "\uff41", "a" * 64]
)
def test_a_namespace_that_is_none_is_told_in_words(text: str) -> None:
    (violation,) = illegal_texts(a_request(namespace=text))
    assert violation.field == "namespace"
    assert "1 to 63 letters, digits" in violation.description
    assert "regex" not in violation.description


def test_the_pair_of_a_map_is_named() -> None:
    (violation,) = illegal_texts(a_request(labels={"te\nam": "data"}))
    assert violation.field == 'spec.labels["te\\nam"]'


def test_what_is_not_chosen_is_not_judged() -> None:
    request = GetFlowRequest(namespace="home")
    request.flow.id = REQUEST_ID
    assert illegal_texts(request) == []
    request.flow.name = "a/b"
    assert [it.field for it in illegal_texts(request)] == ["flow.name"]
