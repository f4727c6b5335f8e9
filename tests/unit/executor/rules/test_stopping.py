from datetime import timedelta

import pytest

from penstockd.executor.rules.stopping import (
    Cause,
    Pace,
    Pending,
    Step,
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
        (0, Step.NONE, Pending(steps=(Step.TOKEN,), next_in=seconds(5))),
        (1, Step.TOKEN, Pending(steps=(), next_in=seconds(4))),
        (5, Step.TOKEN, Pending(steps=(Step.TERMINATE,), next_in=seconds(25))),
        (29.5, Step.TERMINATE, Pending(steps=(), next_in=seconds(0.5))),
        (30, Step.TERMINATE, Pending(steps=(Step.KILL,), next_in=None)),
        (99, Step.KILL, Pending(steps=(), next_in=None)),
    ],
)
def test_a_cancel_goes_from_token_to_kill(
    elapsed: float, done: Step, expected: Pending
) -> None:
    assert escalate(CANCEL, elapsed=seconds(elapsed), done=done) == expected


def test_a_late_look_catches_up_from_soft_to_hard() -> None:
    pending = escalate(CANCEL, elapsed=seconds(60), done=Step.NONE)
    assert pending.steps == (Step.TOKEN, Step.TERMINATE, Step.KILL)


def test_a_lost_lease_is_never_asked_politely() -> None:
    pending = escalate(LOST, elapsed=seconds(0), done=Step.NONE)
    assert pending == Pending(steps=(Step.TERMINATE,), next_in=seconds(0.5))


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
