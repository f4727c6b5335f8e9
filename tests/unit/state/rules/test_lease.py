from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders import NOON, a_flow_run, a_state, an_id, an_owned_run
from penstockd.state.rules.failure import FailureRecord
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import (
    MOST_LOST_STARTS,
    LeaseReason,
    Outcome,
    OutcomeType,
    claimed,
    ended_beside,
    lease_of,
    orphaned,
    overdue,
    settled,
    unacknowledged,
)
from penstockd.state.rules.ownership import LeaseRef
from penstockd.state.rules.state import TERMINAL, AttemptCause, S, StateType

POOLED: dict[str, Any] = {"work_pool": "river", "work_queue": "default", "program": "python"}
BOOM = FailureRecord(brief=b"boom", whole=b"boom with its stack")


def ref_of(run: FlowRun) -> LeaseRef:
    owner = run.ownership
    return LeaseRef(lease_id=owner.lease_id or an_id(), fence=owner.fence)


def outcome_of(run: FlowRun, type_: OutcomeType, **more: Any) -> Outcome:
    return Outcome(lease=ref_of(run), type=type_, message="exit code 1", **more)


def a_claim(run: FlowRun) -> FlowRun:
    return claimed(
        run,
        session_id=an_id(),
        lease_id=an_id(),
        at=NOON,
        ack_within=timedelta(seconds=5),
    )


def owner_of(run: FlowRun) -> tuple[bool, int]:
    return run.ownership.owned, run.ownership.fence


def test_a_claim_makes_a_lease_and_costs_no_attempt() -> None:
    run = a_claim(a_flow_run(fence=3))
    assert (run.state.type, *owner_of(run), run.attempt) == (S.PENDING, True, 4, 0)
    assert run.ownership.ack_deadline == NOON + timedelta(seconds=5)
    lease = lease_of(run, b"half done")
    assert (lease.ref, lease.reason, lease.checkpoint) == (
        ref_of(run), LeaseReason.RUN, b"half done",
    )  # fmt: skip


def test_a_lease_is_shown_by_id_and_fence() -> None:
    run = an_owned_run()
    assert run.ownership.shown_by(ref_of(run))
    assert not run.ownership.shown_by(replace(ref_of(run), fence=2))
    assert not run.ownership.shown_by(replace(ref_of(run), lease_id=an_id()))


def test_what_is_not_acknowledged_is_offered_again_at_no_cost() -> None:
    run = unacknowledged(a_claim(a_flow_run()), NOON)
    assert (run.state.type, *owner_of(run), run.attempt) == (S.SCHEDULED, False, 2, 0)
    assert run.state.scheduled_time == NOON


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (S.PENDING, S.SCHEDULED),
        (S.SCHEDULED, S.SCHEDULED),
        (S.RUNNING, S.CRASHED),
        (S.PAUSED, S.CRASHED),
        (S.CANCELLING, S.CANCELLED),
    ],
)
def test_a_run_without_its_worker(before: StateType, after: StateType) -> None:
    run = orphaned(an_owned_run(before, **POOLED), "the worker was lost", NOON)
    assert (run.state.type, *owner_of(run)) == (after, False, 2)


def test_a_scripts_run_that_had_not_begun_crashes_with_it() -> None:
    run = orphaned(an_owned_run(S.PENDING), "the worker was lost", NOON)
    assert (run.state.type, run.state.message) == (S.CRASHED, "the worker was lost")


def test_a_retry_that_is_handed_back_keeps_its_time() -> None:
    later = NOON + timedelta(minutes=1)
    waits = a_state(S.SCHEDULED, scheduled_time=later)
    run = orphaned(an_owned_run(S.SCHEDULED, state=waits, **POOLED), "lost", NOON)
    assert (run.state.name, run.state.scheduled_time) == ("Interrupted", later)


def test_a_cancel_that_nobody_ends_is_ended_and_the_fence_grows() -> None:
    run = overdue(an_owned_run(S.CANCELLING), NOON)
    assert (run.state.type, *owner_of(run)) == (S.CANCELLED, False, 2)


@pytest.mark.parametrize("over", sorted(TERMINAL))
@pytest.mark.parametrize("type_", OutcomeType)
def test_what_has_ended_stays_as_it_is(over: StateType, type_: OutcomeType) -> None:
    run = a_flow_run(over)
    assert settled(run, outcome_of(run, type_), NOON) is run


@pytest.mark.parametrize("type_", OutcomeType)
def test_a_run_that_was_being_cancelled_is_cancelled(type_: OutcomeType) -> None:
    run = an_owned_run(S.CANCELLING)
    assert settled(run, outcome_of(run, type_), NOON).state.type is S.CANCELLED


def test_a_process_that_left_no_terminal_state_crashed() -> None:
    run = an_owned_run()
    after = settled(run, outcome_of(run, OutcomeType.ENDED), NOON)
    assert (after.state.type, after.state.message, *owner_of(after)) == (
        S.CRASHED, "exit code 1", False, 1,
    )  # fmt: skip


@pytest.mark.parametrize("before", [S.PENDING, S.SCHEDULED])
def test_a_run_that_had_not_begun_is_not_to_blame_for_its_process(before: StateType) -> None:
    run = an_owned_run(before, attempt=1, next_cause=AttemptCause.RETRY, **POOLED)
    after = settled(run, outcome_of(run, OutcomeType.ENDED, interrupted=True), NOON)
    assert (after.state.type, after.state.name) == (S.SCHEDULED, "Interrupted")
    assert after.state.message == "exit code 1"
    assert (after.attempt, after.next_attempt, after.next_cause) == (1, 2, AttemptCause.RETRY)


def test_starts_that_are_lost_are_further_and_further_apart_and_not_for_ever() -> None:
    delays: list[timedelta] = []
    run = an_owned_run(S.PENDING, **POOLED)
    for _ in range(MOST_LOST_STARTS):
        run = settled(run, outcome_of(run, OutcomeType.ENDED, interrupted=True), NOON)
        assert run.state.scheduled_time is not None
        delays.append(run.state.scheduled_time - NOON)
        run = replace(a_claim(run), state=a_state(S.PENDING))
    assert delays == [timedelta(seconds=it) for it in (1, 2, 4, 8, 16)]
    last = settled(run, outcome_of(run, OutcomeType.ENDED, interrupted=True), NOON)
    assert last.state.type is S.CRASHED


@pytest.mark.parametrize(
    ("before", "pool", "interrupted"),
    [(S.RUNNING, POOLED, True), (S.PENDING, {}, True), (S.PENDING, POOLED, False)],
    ids=["begun", "of a script", "by itself"],
)
def test_whatever_else_ends_without_a_word_crashes(
    before: StateType, pool: dict[str, Any], interrupted: bool
) -> None:
    run = an_owned_run(before, **pool)
    ended = outcome_of(run, OutcomeType.ENDED, interrupted=interrupted)
    assert settled(run, ended, NOON).state.type is S.CRASHED


@pytest.mark.parametrize("known", [FailureRecord(), FailureRecord(brief=b"of the attempt")])
def test_what_is_known_of_a_crash_is_kept(known: FailureRecord) -> None:
    run = an_owned_run(failure=known)
    told = outcome_of(run, OutcomeType.ENDED, failure=BOOM)
    assert settled(run, told, NOON).failure == BOOM
    silent = outcome_of(run, OutcomeType.ENDED)
    assert settled(run, silent, NOON).failure == known


def test_what_is_given_back_waits_again_and_goes_on_with_its_attempt() -> None:
    run = an_owned_run(attempt=2, **POOLED)
    given_back = outcome_of(run, OutcomeType.GIVEN_BACK, delay=timedelta(seconds=9))
    after = settled(run, given_back, NOON)
    assert (after.state.type, after.state.name) == (S.SCHEDULED, "Interrupted")
    assert owner_of(after) == (False, 2)
    assert after.state.scheduled_time == NOON + timedelta(seconds=9)
    assert (after.attempt, after.next_attempt, after.next_cause) == (2, 2, AttemptCause.RESUME)


@pytest.mark.parametrize("before", [S.PENDING, S.RUNNING, S.SCHEDULED])
def test_a_scripts_run_that_is_given_back_crashes(before: StateType) -> None:
    run = an_owned_run(before)
    after = settled(run, outcome_of(run, OutcomeType.GIVEN_BACK), NOON)
    assert (after.state.type, after.state.message) == (S.CRASHED, "exit code 1")


@pytest.mark.parametrize(
    ("before", "next_cause", "attempt", "reason"),
    [
        (S.PENDING, AttemptCause.FIRST, 0, LeaseReason.RUN),
        (S.RUNNING, AttemptCause.INFRASTRUCTURE, 1, LeaseReason.RESUME),
        (S.PAUSED, AttemptCause.RESUME, 1, LeaseReason.RESUME),
        (S.SCHEDULED, AttemptCause.RETRY, 1, LeaseReason.RETRY),
        (S.PENDING, AttemptCause.RESUME, 1, LeaseReason.RESUME),
    ],
)
def test_the_next_hand_out_says_how_far_the_run_was(
    before: StateType, next_cause: AttemptCause, attempt: int, reason: LeaseReason
) -> None:
    run = an_owned_run(before, next_cause=next_cause, attempt=attempt, **POOLED)
    waiting = settled(run, outcome_of(run, OutcomeType.GIVEN_BACK), NOON)
    lease = lease_of(a_claim(waiting), b"")
    assert lease.reason is reason
    begins = attempt if reason is LeaseReason.RESUME else attempt + 1
    assert lease.run.next_attempt == begins


@pytest.mark.parametrize(
    ("type_", "after"),
    [
        (OutcomeType.ENDED, S.CRASHED),
        (OutcomeType.CANCELLED, S.CANCELLED),
        (OutcomeType.GIVEN_BACK, S.CRASHED),
    ],
)
def test_what_a_process_began_beside_its_lease_ends_and_its_lease_is_worth_nothing(
    type_: OutcomeType, after: StateType
) -> None:
    run = an_owned_run()
    ended = ended_beside(run, outcome_of(a_flow_run(), type_), NOON)
    assert (ended.state.type, ended.state.message, *owner_of(ended)) == (
        after, "exit code 1", False, 2,
    )  # fmt: skip
