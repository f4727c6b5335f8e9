from datetime import timedelta

import pytest

from builders import NOON, a_flow_run, a_state, an_owned_run
from penstockd.state.rules.flow_run import cancelled, disowned, handed_back, moved
from penstockd.state.rules.run_spec import queue_of
from penstockd.state.rules.state import AttemptCause, S


def test_no_state_begins_before_the_one_that_it_follows() -> None:
    run = an_owned_run(S.PENDING, state=a_state(S.PENDING, time=NOON + timedelta(seconds=1)))
    running = moved(run, a_state(S.RUNNING))
    ended = moved(running, a_state(S.CRASHED))
    assert ended.end_time == ended.state.time == running.state.time == run.state.time


def test_a_run_that_ends_has_no_owner_and_no_deadlines() -> None:
    run = an_owned_run(S.CANCELLING, ack_deadline=NOON, cancel_deadline=NOON)
    owner = moved(run, a_state(S.CANCELLED)).ownership
    assert (owner.owned, owner.ack_deadline, owner.cancel_deadline) == (False, None, None)
    assert owner.lease_id == run.ownership.lease_id
    assert owner.fence == run.ownership.fence


def test_an_owner_that_loses_its_run_shows_an_old_fence() -> None:
    run = an_owned_run()
    assert disowned(run, a_state(S.CRASHED)).ownership.fence == run.ownership.fence + 1


def test_who_cancels_what_nobody_owns_takes_no_fence() -> None:
    run = a_flow_run(fence=4)
    assert cancelled(run, NOON, message="rain").ownership.fence == 4
    assert cancelled(an_owned_run(fence=4), NOON, message="rain").ownership.fence == 5


@pytest.mark.parametrize(
    ("before", "cause"), [(S.PENDING, AttemptCause.FIRST), (S.RUNNING, AttemptCause.RESUME)]
)
def test_a_hand_back_in_mid_work_is_resumed(before: S, cause: AttemptCause) -> None:
    assert handed_back(an_owned_run(before), a_state()).next_cause is cause


def test_a_hand_back_between_two_attempts_is_retried() -> None:
    waiting = an_owned_run(S.SCHEDULED, next_cause=AttemptCause.RETRY)
    again = handed_back(waiting, a_state())
    assert (again.next_cause, again.next_attempt) == (AttemptCause.RETRY, 2)


@pytest.mark.parametrize(
    ("pool", "queue", "found"),
    [("river", "", "default"), ("river", "urgent", "urgent"), ("", "", "")],
)
def test_a_pool_always_has_its_default_queue(pool: str, queue: str, found: str) -> None:
    assert queue_of(pool, queue) == found
