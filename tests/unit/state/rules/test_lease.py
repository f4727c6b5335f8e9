from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders import NOON, a_flow_run, a_state, an_id, an_owned_run
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import (
    Held,
    LeasePhase,
    LeaseReason,
    LeaseRef,
    Outcome,
    OutcomeType,
    Report,
    Ruling,
    claimed,
    holds,
    is_settled,
    lease_of,
    news,
    noted,
    orphaned,
    overdue,
    ruling,
    settled,
    unacknowledged,
)
from penstockd.state.rules.state import TERMINAL, S, StateType

POOLED: dict[str, Any] = {"work_pool": "river", "work_queue": "default"}


def ref_of(run: FlowRun) -> LeaseRef:
    return LeaseRef(lease_id=run.lease_id or an_id(), fence=run.fence)


def outcome_of(run: FlowRun, type_: OutcomeType) -> Outcome:
    return Outcome(lease=ref_of(run), type=type_, message="exit code 1")


def a_claim(run: FlowRun) -> FlowRun:
    return claimed(
        run,
        session_id=an_id(),
        lease_id=an_id(),
        at=NOON,
        ack_within=timedelta(seconds=5),
    )


def test_a_claim_makes_a_lease_and_costs_no_attempt() -> None:
    run = a_claim(a_flow_run(fence=3))
    assert (run.state.type, run.owned, run.fence, run.attempt) == (S.PENDING, True, 4, 0)
    assert run.ack_deadline == NOON + timedelta(seconds=5)
    lease = lease_of(run, b"half done")
    assert (lease.ref, lease.reason, lease.checkpoint) == (
        ref_of(run), LeaseReason.RUN, b"half done",
    )  # fmt: skip


def test_a_lease_is_held_by_id_and_fence() -> None:
    run = an_owned_run()
    assert holds(run, ref_of(run))
    assert not holds(run, replace(ref_of(run), fence=run.fence + 1))
    assert not holds(run, replace(ref_of(run), lease_id=an_id()))


def test_what_is_not_acknowledged_is_offered_again_at_no_cost() -> None:
    run = unacknowledged(a_claim(a_flow_run()), NOON)
    assert (run.state.type, run.owned, run.fence, run.attempt) == (S.SCHEDULED, False, 2, 0)
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
    assert (run.state.type, run.owned, run.fence) == (after, False, 2)


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
    assert (run.state.type, run.owned, run.fence) == (S.CANCELLED, False, 2)


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
    assert (after.state.type, after.state.message, after.owned) == (
        S.CRASHED, "exit code 1", False,
    )  # fmt: skip


def test_what_is_given_back_waits_again_and_costs_no_attempt() -> None:
    run = an_owned_run(attempt=2, **POOLED)
    give_back = replace(outcome_of(run, OutcomeType.GIVE_BACK), delay=timedelta(seconds=9))
    after = settled(run, give_back, NOON)
    assert (after.state.type, after.state.name, after.attempt) == (
        S.SCHEDULED, "Interrupted", 1,
    )  # fmt: skip
    assert (after.owned, after.fence) == (False, 2)
    assert after.state.scheduled_time == NOON + timedelta(seconds=9)


def a_hold(state_type: StateType = S.RUNNING, phase: LeasePhase = LeasePhase.RUNNING) -> Held:
    return Held(run=an_owned_run(state_type), phase=phase)


def test_a_report_is_news_once() -> None:
    held = a_hold(S.PENDING, LeasePhase.OFFERED)
    report = Report(lease=ref_of(held.run), phase=LeasePhase.ACKNOWLEDGED)
    assert news(held, report)
    after = noted(held, report)
    assert not news(after, report)
    assert after.run.ack_deadline is None


def test_a_late_report_takes_nothing_back() -> None:
    held = replace(a_hold(phase=LeasePhase.CANCELLING), checkpoint=b"kept")
    report = Report(lease=ref_of(held.run), phase=LeasePhase.RUNNING)
    assert not news(held, report)
    assert noted(held, report).phase is LeasePhase.CANCELLING
    assert noted(held, report).checkpoint == b"kept"


def test_a_checkpoint_is_news() -> None:
    held = a_hold()
    report = Report(lease=ref_of(held.run), phase=held.phase, checkpoint=b"half done")
    assert news(held, report)
    assert noted(held, report).checkpoint == b"half done"


def test_the_current_lease_goes_on() -> None:
    held = a_hold()
    assert ruling(held, ref_of(held.run)) is Ruling.OK


def test_a_cancel_is_repeated_until_it_is_acknowledged() -> None:
    held = a_hold(S.CANCELLING)
    ruled = ruling(held, ref_of(held.run))
    assert ruled is Ruling.CANCEL
    assert not is_settled(held, ruled)
    assert is_settled(replace(held, phase=LeasePhase.CANCELLING), ruled)


def test_a_lease_is_lost_when_the_run_is_gone_ended_or_anothers() -> None:
    ended = Held(run=replace(an_owned_run(S.COMPLETED), owned=False), phase=LeasePhase.RUNNING)
    held = a_hold()
    stale = replace(ref_of(held.run), fence=0)
    for hold, ref in ((None, stale), (ended, ref_of(ended.run)), (held, stale)):
        assert ruling(hold, ref) is Ruling.LOST
        assert not is_settled(hold, Ruling.LOST)
