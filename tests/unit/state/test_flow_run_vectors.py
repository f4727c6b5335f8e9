"""The golden vectors of flow runs hold for the rules."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from builders import NOON
from penstockd.state.rules.state import FLOW_RUN_NEXT, StateType
from penstockd.state.rules.transition import judge, misplaced
from penstockd.state.servicers.transition import proposal_of
from penstockd.state.servicers.transition_wire import verdict_to_proto
from unit.state.flow_run_vectors import as_dict, request_of, stored_run
from unit.state.vector_values import cases, pair_of

CASES = cases("flow_run_transitions")
ANSWERED = [case for case in CASES if "response" in case]
PAIRS = [case for case in CASES if case["name"].startswith("the owner of a run in")]


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: str(case["name"]))
def test_a_flow_run_gets_the_golden_verdict(case: dict[str, Any]) -> None:
    proposal = proposal_of(request_of(case))
    assert misplaced(proposal) is None
    verdict = judge(
        stored_run(case),
        proposal,
        at=NOON,
        cancel_within=timedelta(seconds=50),
        randomness=0.0,
    )
    assert as_dict(verdict_to_proto(verdict)) == case["response"]


def test_every_pair_of_states_has_a_vector_that_follows_the_published_edges() -> None:
    pairs = [pair_of(case["name"]) for case in PAIRS]
    assert pairs == list(product(StateType, StateType))
    for (before, after), case in zip(pairs, PAIRS, strict=True):
        assert ("accepted" in case["response"]) == (after in FLOW_RUN_NEXT[before])
