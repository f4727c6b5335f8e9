from datetime import timedelta

import pytest

from penstockd.executor.rules.stopping import (
    Cause,
    DueStages,
    Pace,
    StopStage,
    escalate,
    overrules,
)

CANCEL = Pace(
    token=True, terminate_after=timedelta(seconds=5), kill_after=timedelta(seconds=30)
)
LOST = Pace(token=False, terminate_after=timedelta(0), kill_after=timedelta(seconds=0.5))


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.parametrize(
    ("elapsed", "done", "expected"),
    [
        (0, StopStage.NONE, DueStages(stages=(StopStage.TOKEN,), next_in=seconds(5))),
        (1, StopStage.TOKEN, DueStages(stages=(), next_in=seconds(4))),
        (5, StopStage.TOKEN, DueStages(stages=(StopStage.TERMINATE,), next_in=seconds(25))),
        (29.5, StopStage.TERMINATE, DueStages(stages=(), next_in=seconds(0.5))),
        (30, StopStage.TERMINATE, DueStages(stages=(StopStage.KILL,), next_in=None)),
        (99, StopStage.KILL, DueStages(stages=(), next_in=None)),
    ],
)
def test_a_cancel_goes_from_token_to_kill(
    elapsed: float, done: StopStage, expected: DueStages
) -> None:
    assert escalate(CANCEL, elapsed=seconds(elapsed), done=done) == expected


def test_a_late_look_catches_up_from_soft_to_hard() -> None:
    due = escalate(CANCEL, elapsed=seconds(60), done=StopStage.NONE)
    assert due.stages == (StopStage.TOKEN, StopStage.TERMINATE, StopStage.KILL)


def test_a_lost_lease_is_never_asked_politely() -> None:
    due = escalate(LOST, elapsed=seconds(0), done=StopStage.NONE)
    assert due == DueStages(stages=(StopStage.TERMINATE,), next_in=seconds(0.5))


def test_a_lost_process_is_gone_within_two_seconds() -> None:
    assert LOST.kill_after <= seconds(2)


@pytest.mark.parametrize("old", [None, Cause.CANCEL, Cause.OPERATOR, Cause.DRAIN])
def test_a_lost_lease_overrules_every_other_order(old: Cause | None) -> None:
    assert overrules(Cause.LOST, old)


@pytest.mark.parametrize("new", Cause)
def test_nothing_overrules_a_lost_lease(new: Cause) -> None:
    assert not overrules(new, Cause.LOST)


def test_a_repeated_cancel_changes_nothing() -> None:
    assert not overrules(Cause.CANCEL, Cause.CANCEL)
