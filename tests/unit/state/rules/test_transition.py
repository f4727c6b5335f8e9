from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders import NOON, a_flow_run, a_state, an_id, an_owned_run
from penstockd.state.rules.failure import NO_FAILURE, Failure, FailureRecord
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.run_spec import RetryPolicy
from penstockd.state.rules.state import (
    FLOW_RUN_NEXT,
    TERMINAL,
    AttemptCause,
    S,
    StateType,
)
from penstockd.state.rules.transition import (
    Accepted,
    Proposal,
    Rejected,
    Verdict,
    Wait,
    judge,
    misplaced,
)

WITHIN = timedelta(seconds=50)


RECORD = FailureRecord(brief=b"brief", whole=b"whole")
A_FAILURE = Failure(error_type="builtins.ValueError", record=RECORD)


def a_pooled_run(state_type: StateType = S.RUNNING, **changes: Any) -> FlowRun:
    """An owned run that another worker could take."""
    return an_owned_run(
        state_type, **{"work_pool": "river", "work_queue": "default", **changes}
    )


def propose(run: FlowRun, to: StateType, **more: Any) -> Verdict:
    randomness = more.pop("randomness", 0.0)
    proposal = Proposal(to=a_state(to, **more.pop("state", {})), **more)
    return judge(run, proposal, at=NOON, cancel_within=WITHIN, randomness=randomness)


def accepted(verdict: Verdict) -> FlowRun:
    assert isinstance(verdict, Accepted)
    return verdict.flow_run


def replaced(verdict: Verdict) -> FlowRun:
    assert isinstance(verdict, Rejected)
    assert verdict.replaced is not None
    return verdict.replaced


@pytest.mark.parametrize("before", StateType)
@pytest.mark.parametrize("after", StateType)
def test_an_owner_moves_along_the_published_edges_only(
    before: StateType, after: StateType
) -> None:
    run = a_pooled_run(before)
    verdict = propose(run, after)
    if after in FLOW_RUN_NEXT[before]:
        assert accepted(verdict).state.type is after
        assert accepted(verdict).revision == run.revision + 1
    else:
        assert isinstance(verdict, Rejected)


@pytest.mark.parametrize("over", sorted(TERMINAL))
def test_the_owner_stops_when_the_run_is_over(over: StateType) -> None:
    run = a_flow_run(over)
    verdict = propose(run, S.CANCELLING)
    assert verdict == Rejected(actual=run.state, stop=True)


def test_a_second_process_under_one_lease_stops() -> None:
    verdict = propose(an_owned_run(S.RUNNING), S.RUNNING)
    assert isinstance(verdict, Rejected)
    assert verdict.stop


def test_running_begins_the_first_attempt() -> None:
    run = accepted(propose(an_owned_run(S.PENDING), S.RUNNING))
    assert (run.attempt, run.attempt_cause, run.start_time) == (1, AttemptCause.FIRST, NOON)


def test_a_run_does_not_run_before_its_time() -> None:
    due = NOON + timedelta(minutes=5)
    early = an_owned_run(S.PENDING, expected_start_time=due)
    assert propose(early, S.RUNNING) == Wait(retry_delay=timedelta(minutes=5))


def test_a_terminal_state_ends_the_lease_and_keeps_the_result() -> None:
    result_id = an_id()
    run = accepted(propose(an_owned_run(), S.COMPLETED, result_id=result_id))
    owner = run.ownership
    assert (owner.owned, run.end_time, run.result_id) == (False, NOON, result_id)
    assert owner.fence == 1


def test_handing_a_run_back_makes_the_lease_worthless() -> None:
    run = accepted(propose(a_pooled_run(), S.SCHEDULED))
    owner = run.ownership
    assert (owner.owned, owner.fence, run.state.scheduled_time) == (False, 2, NOON)


def test_an_attempt_that_was_handed_back_goes_on_under_its_number() -> None:
    waiting = accepted(propose(a_pooled_run(attempt=2), S.SCHEDULED))
    assert (waiting.attempt, waiting.next_attempt) == (2, 2)
    again = replace(waiting, state=a_state(S.PENDING))
    run = accepted(propose(again, S.RUNNING))
    assert (run.attempt, run.attempt_cause) == (2, AttemptCause.RESUME)


def test_a_hand_back_before_the_first_attempt_changes_no_cause() -> None:
    waiting = accepted(propose(a_pooled_run(S.PENDING), S.SCHEDULED))
    assert (waiting.next_cause, waiting.next_attempt) == (AttemptCause.FIRST, 1)


def test_a_paused_attempt_goes_on() -> None:
    run = accepted(propose(an_owned_run(S.RUNNING), S.PAUSED))
    again = accepted(propose(run, S.RUNNING))
    assert (again.attempt, again.attempt_cause) == (1, AttemptCause.RESUME)


def test_a_scripts_run_that_is_handed_back_crashes() -> None:
    verdict = propose(an_owned_run(), S.SCHEDULED, state={"message": "drained"})
    run = replaced(verdict)
    assert verdict == Rejected(actual=run.state, replaced=run, stop=True)
    assert (run.state.type, run.state.message) == (S.CRASHED, "drained")


def test_a_failure_with_retries_left_waits_in_the_owners_hands() -> None:
    policy = RetryPolicy(max_retries=2, retry_delays=(timedelta(seconds=10),))
    verdict = propose(an_owned_run(retry_policy=policy), S.FAILED, failure=A_FAILURE)
    run = replaced(verdict)
    delay = timedelta(seconds=10)
    assert verdict == Rejected(actual=run.state, replaced=run, stop=False, retry_delay=delay)
    assert (run.state.type, run.state.name) == (S.SCHEDULED, "AwaitingRetry")
    assert run.state.scheduled_time == NOON + delay
    assert (run.ownership.owned, run.attempt, run.end_time) == (True, 1, None)
    assert run.failure == RECORD


def test_the_next_attempt_forgets_the_failure_of_the_last_one() -> None:
    waiting = an_owned_run(S.SCHEDULED, failure=RECORD, next_cause=AttemptCause.RETRY)
    assert accepted(propose(waiting, S.RUNNING)).failure == NO_FAILURE


@pytest.mark.parametrize("to", [S.FAILED, S.CRASHED])
def test_what_ended_a_run_badly_is_kept_with_it(to: StateType) -> None:
    assert accepted(propose(an_owned_run(), to, failure=A_FAILURE)).failure == RECORD


def test_a_run_that_never_ran_has_no_retry() -> None:
    run = an_owned_run(S.PENDING, retry_policy=RetryPolicy(max_retries=2))
    assert accepted(propose(run, S.FAILED)).state.type is S.FAILED


def test_the_last_failure_is_one() -> None:
    run = an_owned_run(attempt=3, retry_policy=RetryPolicy(max_retries=2))
    assert accepted(propose(run, S.FAILED)).state.type is S.FAILED


def test_a_retry_begins_the_next_attempt() -> None:
    failed = an_owned_run(retry_policy=RetryPolicy(max_retries=2))
    run = accepted(propose(replaced(propose(failed, S.FAILED)), S.RUNNING))
    assert (run.attempt, run.attempt_cause) == (2, AttemptCause.RETRY)


def test_a_retry_waits_for_its_time() -> None:
    waits = a_state(S.SCHEDULED, scheduled_time=NOON + timedelta(seconds=10))
    verdict = propose(an_owned_run(S.SCHEDULED, state=waits), S.RUNNING)
    assert verdict == Wait(retry_delay=timedelta(seconds=10))


def test_a_cancel_comes_once() -> None:
    run = an_owned_run(S.CANCELLING)
    assert propose(run, S.CANCELLING) == Rejected(actual=run.state)


def test_an_owner_may_cancel_its_run() -> None:
    run = accepted(propose(an_owned_run(), S.CANCELLING))
    assert run.ownership.cancel_deadline == NOON + WITHIN


@pytest.mark.parametrize("to", [S.COMPLETED, S.FAILED, S.RUNNING, S.PAUSED, S.SCHEDULED])
def test_a_run_that_is_being_cancelled_can_only_be_cancelled(to: StateType) -> None:
    verdict = propose(an_owned_run(S.CANCELLING), to)
    run = replaced(verdict)
    assert verdict == Rejected(actual=run.state, replaced=run, stop=True)
    assert run.state.type is S.CANCELLED


def test_a_cancelled_run_says_that_it_was_rolled_back() -> None:
    run = replaced(propose(an_owned_run(S.CANCELLING), S.FAILED, state={"rolled_back": True}))
    assert run.state.rolled_back


@pytest.mark.parametrize("to", [S.CANCELLED, S.CRASHED])
def test_an_owner_ends_a_cancel(to: StateType) -> None:
    run = accepted(propose(an_owned_run(S.CANCELLING, cancel_deadline=NOON), to))
    assert (run.state.type, run.ownership.cancel_deadline) == (to, None)


def test_an_owners_word_for_its_state_is_kept() -> None:
    words = {"name": "TimedOut", "message": "late"}
    run = accepted(propose(an_owned_run(), S.FAILED, state=words))
    assert (run.state.name, run.state.message) == ("TimedOut", "late")


@pytest.mark.parametrize("to", StateType)
def test_an_outcome_goes_with_its_state_alone(to: StateType) -> None:
    result = misplaced(Proposal(to=a_state(to), result_id=an_id()))
    failure = misplaced(Proposal(to=a_state(to), failure=A_FAILURE))
    assert (result is None) == (to is S.COMPLETED)
    assert (failure is None) == (to in (S.FAILED, S.CRASHED))
    assert result is None or result[0] == "result_id"
    assert failure is None or failure[0] == "failure"


@pytest.mark.parametrize("to", StateType)
def test_a_name_goes_with_running_alone(to: StateType) -> None:
    wrong = misplaced(Proposal(to=a_state(to), flow_run_name="calm"))
    assert (wrong is None) == (to is S.RUNNING)
    assert wrong is None or wrong[0] == "flow_run_name"


def test_the_owners_name_takes_the_place_of_a_random_one_once() -> None:
    waiting = an_owned_run(S.PENDING)
    begun = accepted(propose(waiting, S.RUNNING, flow_run_name="by its day"))
    assert (begun.name, begun.is_named) == ("by its day", True)
    again = replace(begun, state=a_state(S.PENDING))
    assert accepted(propose(again, S.RUNNING, flow_run_name="another")).name == "by its day"


def test_the_name_that_somebody_gave_stays() -> None:
    named = replace(an_owned_run(S.PENDING), name="mine", is_named=True)
    assert accepted(propose(named, S.RUNNING, flow_run_name="by its day")).name == "mine"


def test_without_a_name_of_the_owners_a_random_one_stays() -> None:
    run = replace(an_owned_run(S.PENDING), name="calm-sea")
    begun = accepted(propose(run, S.RUNNING))
    assert (begun.name, begun.is_named) == ("calm-sea", False)


@pytest.mark.parametrize("to", StateType)
def test_an_owner_says_no_moment_by_its_own_clock(to: StateType) -> None:
    field, why = misplaced(Proposal(to=a_state(to, scheduled_time=NOON))) or ("", "")
    assert field == "to_state.scheduled_time"
    assert "with a delay" in why


@pytest.mark.parametrize(("said", "kept"), [("", "not today"), ("stopped", "stopped")])
def test_why_a_run_was_cancelled_stays_unless_its_owner_says_more(said: str, kept: str) -> None:
    run = an_owned_run(S.CANCELLING)
    run = replace(run, state=run.state._replace(message="not today"))
    ended = accepted(propose(run, S.CANCELLED, state={"message": said}))
    assert ended.state.message == kept
