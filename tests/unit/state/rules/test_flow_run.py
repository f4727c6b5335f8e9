from datetime import timedelta
from typing import Any

import pytest

from builders import NOON, a_flow_run, a_state, an_id, an_owned_run
from penstockd.state.rules.flow_run import (
    Accepted,
    FlowRun,
    Proposal,
    Rejected,
    RetryPolicy,
    Verdict,
    Wait,
    judge,
    moved,
)
from penstockd.state.rules.state import (
    FLOW_RUN_NEXT,
    TERMINAL,
    AttemptCause,
    S,
    StateType,
)

WITHIN = timedelta(seconds=50)


def propose(run: FlowRun, to: StateType, *, by_owner: bool = True, **more: Any) -> Verdict:
    proposal = Proposal(to=a_state(to), by_owner=by_owner, **more)
    return judge(run, proposal, at=NOON, cancel_within=WITHIN)


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
    run = an_owned_run(before)
    verdict = propose(run, after)
    if after in FLOW_RUN_NEXT[before]:
        assert accepted(verdict).state.type is after
        assert accepted(verdict).revision == run.revision + 1
    else:
        assert isinstance(verdict, Rejected)


@pytest.mark.parametrize("over", sorted(TERMINAL))
@pytest.mark.parametrize("by_owner", [True, False])
def test_the_proposer_stops_when_the_run_is_over(over: StateType, by_owner: bool) -> None:
    run = a_flow_run(over)
    verdict = propose(run, S.CANCELLING, by_owner=by_owner)
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
    assert (run.owned, run.end_time, run.result_id, run.fence) == (False, NOON, result_id, 1)


def test_handing_a_run_back_makes_the_lease_worthless() -> None:
    run = accepted(propose(an_owned_run(), S.SCHEDULED))
    assert (run.owned, run.fence, run.state.scheduled_time) == (False, 2, NOON)


def test_a_failure_with_retries_left_waits_in_the_owners_hands() -> None:
    policy = RetryPolicy(max_retries=2, retry_delays=(timedelta(seconds=10),))
    verdict = propose(an_owned_run(retry_policy=policy), S.FAILED)
    run = replaced(verdict)
    assert verdict == Rejected(actual=run.state, replaced=run, stop=False)
    assert (run.state.type, run.state.name) == (S.SCHEDULED, "AwaitingRetry")
    assert run.state.scheduled_time == NOON + timedelta(seconds=10)
    assert (run.owned, run.attempt, run.end_time) == (True, 1, None)


def test_the_last_failure_is_one() -> None:
    run = an_owned_run(attempt=3, retry_policy=RetryPolicy(max_retries=2))
    assert accepted(propose(run, S.FAILED)).state.type is S.FAILED


def test_a_retry_begins_the_next_attempt() -> None:
    run = accepted(propose(an_owned_run(S.SCHEDULED), S.RUNNING))
    assert (run.attempt, run.attempt_cause) == (2, AttemptCause.RETRY)


def test_a_retry_waits_for_its_time() -> None:
    waits = a_state(S.SCHEDULED, scheduled_time=NOON + timedelta(seconds=10))
    verdict = propose(an_owned_run(S.SCHEDULED, state=waits), S.RUNNING)
    assert verdict == Wait(retry_delay=timedelta(seconds=10))


@pytest.mark.parametrize(("retry", "seconds"), [(1, 1), (2, 5), (3, 5), (9, 5)])
def test_the_last_retry_delay_repeats(retry: int, seconds: int) -> None:
    policy = RetryPolicy(
        max_retries=9, retry_delays=(timedelta(seconds=1), timedelta(seconds=5))
    )
    assert policy.delay(retry) == timedelta(seconds=seconds)


def test_a_person_cancels_what_nobody_owns_at_once() -> None:
    run = replaced(propose(a_flow_run(), S.CANCELLING, by_owner=False))
    assert (run.state.type, run.owned) == (S.CANCELLED, False)


@pytest.mark.parametrize("before", [S.PENDING, S.RUNNING, S.PAUSED])
def test_a_person_asks_the_owner_to_cancel(before: StateType) -> None:
    run = accepted(propose(an_owned_run(before), S.CANCELLING, by_owner=False))
    assert (run.state.type, run.owned) == (S.CANCELLING, True)
    assert run.cancel_deadline == NOON + WITHIN


def test_a_retry_that_is_cancelled_does_not_begin() -> None:
    run = replaced(propose(an_owned_run(S.SCHEDULED), S.CANCELLING, by_owner=False))
    assert (run.state.type, run.owned) == (S.CANCELLED, False)


def test_a_cancel_comes_once() -> None:
    run = an_owned_run(S.CANCELLING)
    for by_owner in (True, False):
        verdict = propose(run, S.CANCELLING, by_owner=by_owner)
        assert verdict == Rejected(actual=run.state)


@pytest.mark.parametrize("to", [S.COMPLETED, S.FAILED, S.RUNNING, S.PAUSED, S.SCHEDULED])
def test_a_run_that_is_being_cancelled_can_only_be_cancelled(to: StateType) -> None:
    verdict = propose(an_owned_run(S.CANCELLING), to)
    run = replaced(verdict)
    assert verdict == Rejected(actual=run.state, replaced=run, stop=True)
    assert run.state.type is S.CANCELLED


def test_a_cancelled_run_says_that_it_was_rolled_back() -> None:
    undone = Proposal(to=a_state(S.FAILED, rolled_back=True), by_owner=True)
    run = replaced(judge(an_owned_run(S.CANCELLING), undone, at=NOON, cancel_within=WITHIN))
    assert run.state.rolled_back


@pytest.mark.parametrize("to", [S.CANCELLED, S.CRASHED])
def test_an_owner_ends_a_cancel(to: StateType) -> None:
    run = accepted(propose(an_owned_run(S.CANCELLING, cancel_deadline=NOON), to))
    assert (run.state.type, run.cancel_deadline) == (to, None)


def test_an_owners_word_for_its_state_is_kept() -> None:
    proposal = Proposal(to=a_state(S.FAILED, name="TimedOut", message="late"), by_owner=True)
    run = accepted(judge(an_owned_run(), proposal, at=NOON, cancel_within=WITHIN))
    assert (run.state.name, run.state.message) == ("TimedOut", "late")


def test_no_state_begins_before_the_one_that_it_follows() -> None:
    run = an_owned_run(S.PENDING, state=a_state(S.PENDING, time=NOON + timedelta(seconds=1)))
    running = moved(run, a_state(S.RUNNING))
    ended = moved(running, a_state(S.CRASHED))
    assert ended.end_time == ended.state.time == running.state.time == run.state.time
