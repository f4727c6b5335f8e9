"""What an owner proposes says how its attempt ended, and each ruling becomes a verdict."""

import asyncio
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration

from penstock.api.state.v1.flow_run_pb2 import FlowRun
from penstock.api.state.v1.state_pb2 import State as WireState
from penstock.api.state.v1.state_pb2 import StateType as WireStateType
from penstock.api.state.v1.transition_pb2 import (
    FlowRunTransition,
    TransitionAccepted,
    TransitionRejected,
    TransitionWait,
)
from penstock.api.state.v1.transition_service_pb2 import (
    ListFlowRunTransitionsResponse,
    TransitionFlowRunRequest,
    TransitionFlowRunResponse,
)
from penstock.client.transitions import Ending, Transitions, Verdict
from penstock.client.wire.owned import LeaseRef, Owned
from penstock.errors import Unavailable
from penstock.failures.failure import failure_of
from penstock.ground import patience
from penstock.ground.ids import new_id
from penstock.states import Completed, Failed, Running, State, StateType
from unit.client.channels import Answering, connection_over, in_one

OWNED = Owned(namespace="default", flow_run_id=new_id(), lease=LeaseRef(new_id(), 7))
ACCEPTED = TransitionFlowRunResponse(accepted=TransitionAccepted(flow_run=FlowRun(attempt=2)))
SCHEDULED = WireState(state_type=WireStateType.STATE_TYPE_SCHEDULED, name="AwaitingRetry")
FAILED = WireState(state_type=WireStateType.STATE_TYPE_FAILED)


def proposed(
    state: State[Any],
    ending: Ending | None = None,
    reply: TransitionFlowRunResponse = ACCEPTED,
) -> tuple[TransitionFlowRunRequest, Verdict]:
    service = Answering(TransitionFlowRun=lambda _request: reply)
    transitions = Transitions(connection_over(service))
    verdict = asyncio.run(transitions.propose(OWNED, state, ending))
    return service.asked[0], verdict


def test_a_proposal_shows_the_lease() -> None:
    request, verdict = proposed(Running())
    assert request.flow_run_id == OWNED.flow_run_id
    assert (request.lease.lease_id, request.lease.fence) == OWNED.lease
    assert request.to_state.state_type == WireStateType.STATE_TYPE_RUNNING
    assert request.WhichOneof("outcome") is None
    assert verdict == Verdict(accepted=True, attempt=2)


def test_a_good_end_names_its_result_and_a_bad_one_its_failure() -> None:
    well, _ = proposed(Completed(), Ending(result_id=new_id()))
    assert well.WhichOneof("outcome") == "result_id"
    badly, _ = proposed(Failed(), Ending(failure=failure_of(ValueError("dry"))))
    assert badly.WhichOneof("outcome") == "failure"
    assert badly.failure.message == "dry"


def test_a_rejection_says_what_becomes_of_the_run() -> None:
    rejected = TransitionRejected(
        actual_state=FAILED, replacement_state=SCHEDULED, retry_delay=Duration(seconds=3)
    )
    _, verdict = proposed(Failed(), reply=TransitionFlowRunResponse(rejected=rejected))
    assert not verdict.accepted
    assert verdict.actual is not None
    assert verdict.actual.type is StateType.FAILED
    assert verdict.replacement is not None
    assert (verdict.replacement.name, verdict.retry_delay) == ("AwaitingRetry", 3.0)
    assert not verdict.stop


def test_a_rejection_may_leave_the_run_as_it_is() -> None:
    rejected = TransitionRejected(actual_state=FAILED, stop=True)
    _, verdict = proposed(Running(), reply=TransitionFlowRunResponse(rejected=rejected))
    assert (verdict.replacement, verdict.stop) == (None, True)


@pytest.mark.parametrize("seconds", [0, 4])
def test_a_wait_is_never_a_wait_of_nothing(seconds: int) -> None:
    wait = TransitionWait(retry_delay=Duration(seconds=seconds))
    _, verdict = proposed(Running(), reply=TransitionFlowRunResponse(wait=wait))
    assert not verdict.accepted
    assert verdict.propose_again_after == (seconds or 0.001)


def test_a_proposal_to_a_server_that_comes_back_is_the_same_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0.0)
    away = iter([Unavailable("away")])

    def answer(_request: object) -> TransitionFlowRunResponse:
        for error in away:
            raise error
        return ACCEPTED

    service = Answering(TransitionFlowRun=answer)
    verdict = asyncio.run(Transitions(connection_over(service)).propose(OWNED, Running()))
    first, second = service.asked
    assert (verdict.accepted, second) == (True, first)


def test_a_history_is_read_to_its_end() -> None:
    pages = {
        "": ListFlowRunTransitionsResponse(
            transitions=[FlowRunTransition(attempt=1)], next_page_token="more"
        ),
        "more": ListFlowRunTransitionsResponse(transitions=[FlowRunTransition(attempt=2)]),
    }
    service = Answering(ListFlowRunTransitions=lambda request: pages[request.page_token])
    rows = in_one(Transitions(connection_over(service)).history(OWNED.flow_run_id))
    assert [each["attempt"] for each in rows] == [1, 2]
    assert {each.page_size for each in service.asked} == {200}
