from datetime import timedelta

import pytest

from builders import NOON, a_flow_run, a_state, a_waiting_run, an_id, an_owned_run
from penstockd.state.rules.failure import NO_FAILURE, FailureRecord
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.intervention import SETTABLE, Refused, asked_to_end, set_by_decree
from penstockd.state.rules.state import FLOW_RUN_NEXT, TERMINAL, AttemptCause, S, StateType

WITHIN = timedelta(seconds=50)
RECORD = FailureRecord(brief=b"brief")


def cancel(run: FlowRun) -> FlowRun | None:
    return asked_to_end(run, at=NOON, message="rain", within=WITHIN)


def decree(run: FlowRun, to: StateType, *, force: bool = False) -> FlowRun:
    after = set_by_decree(run, a_state(to, name=""), at=NOON, force=force)
    assert not isinstance(after, Refused)
    return after


def test_what_nobody_executes_is_cancelled_at_once() -> None:
    for run in (a_flow_run(), an_owned_run(S.SCHEDULED)):
        after = cancel(run)
        assert after is not None
        assert (after.state.type, after.state.message) == (S.CANCELLED, "rain")
        assert not after.ownership.owned


@pytest.mark.parametrize("before", [S.PENDING, S.RUNNING, S.PAUSED])
def test_an_owner_is_asked_to_cancel_in_time(before: StateType) -> None:
    after = cancel(an_owned_run(before, ack_deadline=NOON))
    assert after is not None
    owner = after.ownership
    assert (after.state.type, owner.owned, owner.fence) == (S.CANCELLING, True, 1)
    # A hand-out that is never acknowledged ends even if it was cancelled.
    assert (owner.cancel_deadline, owner.ack_deadline) == (NOON + WITHIN, NOON)


@pytest.mark.parametrize("before", [*sorted(TERMINAL), S.CANCELLING])
def test_what_ends_already_stays_as_it_is(before: StateType) -> None:
    assert cancel(an_owned_run(before)) is None


@pytest.mark.parametrize("to", sorted(SETTABLE))
@pytest.mark.parametrize("before", StateType)
def test_a_decree_follows_the_arrows_unless_it_is_forced(
    before: StateType, to: StateType
) -> None:
    run = an_owned_run(before, work_pool="river", work_queue="default")
    named = a_state(to, name="")
    refused = isinstance(set_by_decree(run, named, at=NOON, force=False), Refused)
    assert refused == (to not in FLOW_RUN_NEXT[before])
    assert decree(run, to, force=True).state.type is to


def test_what_waits_for_a_worker_can_only_be_cancelled() -> None:
    for to in SETTABLE:
        after = set_by_decree(a_waiting_run(), a_state(to), at=NOON, force=False)
        assert isinstance(after, Refused) == (to is not S.CANCELLED)


@pytest.mark.parametrize("force", [True, False])
def test_a_scripts_run_never_waits(force: bool) -> None:
    after = set_by_decree(an_owned_run(), a_state(S.SCHEDULED), at=NOON, force=force)
    assert isinstance(after, Refused)


@pytest.mark.parametrize("to", [S.FAILED, S.SCHEDULED])
def test_a_decree_takes_the_run_from_its_owner(to: StateType) -> None:
    run = an_owned_run(work_pool="river", ack_deadline=NOON)
    owner = decree(run, to).ownership
    assert (owner.owned, owner.fence, owner.ack_deadline) == (False, 2, None)


def test_a_run_that_had_ended_starts_afresh() -> None:
    ended = an_owned_run(
        S.FAILED, work_pool="river", attempt=3, epoch=1, failure=RECORD, end_time=NOON,
        result_id=an_id(),
    )  # fmt: skip
    run = decree(ended, S.SCHEDULED, force=True)
    assert (run.epoch, run.attempt, run.next_attempt) == (2, 0, 1)
    assert (run.next_cause, run.attempt_cause) == (AttemptCause.FIRST, None)
    assert (run.failure, run.result_id, run.end_time) == (NO_FAILURE, None, None)
    assert run.state.scheduled_time == NOON


def test_an_attempt_under_way_loses_its_process() -> None:
    run = decree(an_owned_run(work_pool="river"), S.SCHEDULED)
    assert (run.epoch, run.next_attempt) == (0, 2)
    assert run.next_cause is AttemptCause.INFRASTRUCTURE


def test_a_result_stays_with_completed_runs_alone() -> None:
    ended = an_owned_run(S.COMPLETED, result_id=an_id())
    assert decree(ended, S.FAILED, force=True).result_id is None
    failed = an_owned_run(S.FAILED, failure=RECORD)
    assert decree(failed, S.COMPLETED, force=True).failure == NO_FAILURE
    assert decree(failed, S.CRASHED, force=True).failure == RECORD
