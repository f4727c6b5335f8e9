from dataclasses import replace
from datetime import timedelta

from penstockd.executor.rules.execution import ExecutionPhase, ended, running, stopping
from unit.executor.builders import NOON, an_execution


def test_each_change_is_a_revision() -> None:
    first = an_execution()
    over = ended(running(first, "4711"), at=NOON, message="exit code 0", exit_code=0)
    assert (first.revision, over.revision, over.handle) == (1, 3, "4711")


def test_one_that_is_stopping_keeps_its_first_reason() -> None:
    execution = stopping(stopping(an_execution(), "cancelled"), "drained")
    assert (execution.phase, execution.message) == (ExecutionPhase.STOPPING, "cancelled")


def test_one_that_ended_stays_as_it_ended() -> None:
    over = ended(an_execution(), at=NOON, message="exit code 0", exit_code=0)
    later = NOON + timedelta(hours=1)
    assert ended(over, at=later, message="again") == over
    assert stopping(over, "late") == over
    assert over == replace(
        an_execution(
            lease=over.lease, flow_run_id=over.flow_run_id, incarnation=over.incarnation
        ),
        revision=2,
        phase=ExecutionPhase.ENDED,
        exit_code=0,
        message="exit code 0",
        end_time=NOON,
    )
