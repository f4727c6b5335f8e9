"""A seed gives the same requests, of each kind, for every RPC."""

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass

from fuzz.contract import Contract, Rpc, load_contract
from fuzz.damage import DAMAGES
from fuzz.keeping import Kept, as_text, from_text
from fuzz.messages import Composer, Style
from fuzz.requests import KINDS, Request, Requests
from fuzz.systems import Way
from fuzz.values import FieldValues
from witness import all_methods

MANY = 1_200


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


@pytest.fixture(scope="module")
def values(contract: Contract) -> FieldValues:
    return FieldValues(contract)


@pytest.fixture(scope="module")
def made(contract: Contract, values: FieldValues) -> Sequence[Request]:
    requests = Requests("7", contract, values)
    return [requests.make(number) for number in range(MANY)]


def read(request: Request) -> Any:
    assert request.rpc is not None
    return GetMessageClass(request.rpc.request).FromString(request.data)


def rpc_of(contract: Contract, name: str) -> Rpc:
    return next(each for each in contract.rpcs if each.name == name)


def test_every_rpc_is_asked(contract: Contract, made: Sequence[Request]) -> None:
    asked = {each.rpc.path for each in made if each.rpc is not None}
    assert asked == {each.path for each in contract.rpcs}
    assert all_methods() < asked


def test_every_kind_is_made(made: Sequence[Request]) -> None:
    assert {each.kind for each in made} == {*KINDS, *DAMAGES} - {"damaged"}


def test_the_same_seed_makes_the_same_requests(
    contract: Contract, values: FieldValues, made: Sequence[Request]
) -> None:
    again, other = Requests("7", contract, values), Requests("8", contract, values)
    assert [again.make(number) for number in range(100)] == list(made[:100])
    assert [other.make(number) for number in range(100)] != list(made[:100])


def test_legal_requests_keep_nearly_all_rules(
    contract: Contract, made: Sequence[Request]
) -> None:
    legal = [each for each in made if each.kind == "legal"]
    broken = [each for each in legal if contract.validator.collect_violations(read(each))]
    assert len(broken) < len(legal) / 50


def test_a_fault_breaks_a_rule(contract: Contract, made: Sequence[Request]) -> None:
    faulty = [each for each in made if each.kind == "one fault" and each.rpc is not None]
    ours = [each for each in faulty if each.rpc is not None and each.rpc.is_ours]
    broken = [each for each in ours if contract.validator.collect_violations(read(each))]
    assert len(broken) > len(ours) * 9 / 10


def test_what_is_wanted_stands_wherever_it_may(contract: Contract, values: FieldValues) -> None:
    composer = Composer(contract, values)
    kind = rpc_of(contract, "FlowRunService/CancelFlowRun").request
    made = [composer.message(kind, Style(), Random(number)) for number in range(200)]
    for number, each in enumerate(made):
        composer.put(each, frozenset({"b"}), Random(number))
    assert 50 < sum(each.message == "b" for each in made) < 200
    assert not any(contract.validator.collect_violations(each) for each in made)


def test_the_largest_fill_a_message_and_none_is_larger_by_chance(
    made: Sequence[Request],
) -> None:
    sizes = [len(each.data) for each in made if each.kind == "largest"]
    assert max(sizes) > 3_000_000
    assert max(sizes) < 4 << 20
    legal = [len(each.data) for each in made if each.kind == "legal"]
    assert max(legal) < 1_000_000


def test_damage_is_read_by_nobody_or_is_unknown(made: Sequence[Request]) -> None:
    unreadable: Counter[str] = Counter()
    for each in made:
        if each.kind in DAMAGES:
            try:
                read(each)
            except DecodeError:
                unreadable[each.kind] += 1
    assert {"cut", "flipped", "wrong wire types", "noise"} <= set(unreadable)
    assert "unknown fields" not in unreadable


def test_what_is_told_is_asked_about(contract: Contract, values: FieldValues) -> None:
    requests = Requests("9", contract, values)
    create = rpc_of(contract, "FlowRunService/CreateFlowRun")
    asked = GetMessageClass(create.request)(namespace="home")
    told: Any = GetMessageClass(create.response)()
    told.flow_run.id, told.flow_run.namespace = "01", "home"
    told.lease.lease_ref.lease_id, told.lease.lease_ref.fence = "02", 3
    requests.facts.add(create, asked, told)
    made = [requests.make(number) for number in range(MANY)]
    moves = [
        read(each)
        for each in made
        if each.kind == "legal"
        and each.rpc is rpc_of(contract, "TransitionService/TransitionFlowRun")
    ]
    known = [each for each in moves if each.flow_run_id == "01" and each.namespace == "home"]
    assert len(known) > len(moves) / 3
    assert any(each.lease.lease_id == "02" and each.lease.fence == 3 for each in known)


def test_a_field_that_is_not_supported_is_left_out(
    contract: Contract, values: FieldValues
) -> None:
    requests = Requests("9", contract, values)
    create = rpc_of(contract, "FlowRunService/CreateFlowRun")
    requests.facts.leave_out(create, "spec.timeout")
    made = [requests.make(number) for number in range(MANY)]
    specs = [read(each).spec for each in made if each.kind == "legal" and each.rpc is create]
    assert len(specs) > 5
    assert sum(each.HasField("timeout") for each in specs) < len(specs) / 5


def test_a_kept_request_comes_back(contract: Contract, made: Sequence[Request]) -> None:
    way = Way(store="postgres", route="front")
    odd = next(each for each in made if each.metadata)
    raw = next(each for each in made if each.rpc is None)
    for request in (odd, raw):
        kept = Kept(way=way, seed="7", request=request)
        assert from_text(as_text(kept), contract) == kept
