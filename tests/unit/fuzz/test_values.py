"""Every field of the contract has values on both sides of its rules."""

from collections.abc import Iterator

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from fuzz.contract import Contract, load_contract
from fuzz.values import FieldValues, Place, Values, is_leaf

YEAR_1, YEAR_9999 = -62_135_596_800, 253_402_300_799


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


@pytest.fixture(scope="module")
def values(contract: Contract) -> FieldValues:
    return FieldValues(contract)


def field(contract: Contract, message: str, name: str) -> FieldDescriptor:
    kind = contract.pool.FindMessageTypeByName(f"penstock.api.{message}")
    return kind.fields_by_name[name]


def places(kind: Descriptor, seen: set[str]) -> Iterator[tuple[FieldDescriptor, Place]]:
    if kind.full_name in seen:
        return
    seen.add(kind.full_name)
    for each in kind.fields:
        inner = each.message_type
        if inner is not None and inner.GetOptions().map_entry:
            yield each, Place.KEY
            value = inner.fields_by_name["value"]
            if is_leaf(value):
                yield each, Place.VALUE
            else:
                assert value.message_type is not None
                yield from places(value.message_type, seen)
        elif is_leaf(each):
            yield each, Place.ITEM if each.is_repeated else Place.ITSELF
        elif inner is not None:
            yield from places(inner, seen)


def test_every_field_of_every_request_has_a_legal_value(
    contract: Contract, values: FieldValues
) -> None:
    seen: set[str] = set()
    found = [
        values.of(each, place).inside
        for rpc in contract.rpcs
        for each, place in places(rpc.request, seen)
    ]
    assert len(found) > 200
    assert all(found)


@pytest.mark.parametrize(
    ("message", "name", "inside", "outside"),
    [
        ("state.v1.ListFlowsRequest", "page_size", 200, 201),
        ("state.v1.CreateFlowRunRequest", "name", "a" * 255, "a" * 256),
        ("state.v1.CreateFlowRunRequest", "namespace", "a" * 63, "a" * 64),
        ("state.v1.RenewRequest", "wait", (30, 0), (31, 0)),
        ("state.v1.RenewRequest", "wait", (0, 0), (-1, 0)),
        ("type.v1.ContentRef", "sha256", b"\xff" * 32, b"\xff" * 33),
    ],
)
def test_a_bound_is_tried_on_both_sides(
    contract: Contract,
    values: FieldValues,
    message: str,
    name: str,
    inside: object,
    outside: object,
) -> None:
    found = values.of(field(contract, message, name))
    assert inside in found.inside
    assert outside in found.outside


def test_items_keys_and_values_are_judged_apart(
    contract: Contract, values: FieldValues
) -> None:
    labels = field(contract, "type.v1.RunSpec", "labels")
    assert "" in values.of(labels, Place.KEY).outside
    assert "" in values.of(labels, Place.VALUE).inside
    ids = field(contract, "state.v1.DeleteFlowRunsRequest", "flow_run_ids")
    assert "a" in values.of(ids, Place.ITEM).outside
    assert values.sizes(ids) == (1, 250)


def test_times_and_texts_go_to_their_ends(contract: Contract, values: FieldValues) -> None:
    start = every(values.of(field(contract, "type.v1.TimeRange", "start")))
    assert {(YEAR_1, 0), (YEAR_9999, 0)} <= start
    delay = every(values.of(field(contract, "type.v1.Failure", "retry_after")))
    assert {(-1, 0), (315_576_000_000, 0), (0, -1)} <= delay
    texts = every(values.of(field(contract, "state.v1.AppendLogsRequest", "source")))
    assert {"\0", "a\0b", "\u202e", "😀"} <= texts


def every(found: Values) -> set[object]:
    return {*found.inside, *found.outside}
