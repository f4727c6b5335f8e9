from dataclasses import replace
from datetime import timedelta

import pytest

from penstockd.executor.rules.execution import (
    Phase,
    ProcessMark,
    ended,
    how_it_ended,
    running,
    stopping,
)
from unit.executor.builders import NOON, an_execution


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "exit code 0"),
        (1, "exit code 1"),
        (-9, "killed by SIGKILL"),
        (-11, "killed by SIGSEGV"),
        (-63, "killed by signal 63"),
    ],
)
def test_an_exit_is_told_in_words(code: int, words: str) -> None:
    assert how_it_ended(code) == words


def test_a_process_is_known_by_its_id_and_its_birth() -> None:
    mark = ProcessMark(pid=7, birth="boot/1")
    assert running(an_execution(), mark).process == mark


def test_one_that_is_stopping_keeps_its_first_reason() -> None:
    execution = stopping(stopping(an_execution(), "cancelled"), "drained")
    assert (execution.phase, execution.message) == (Phase.STOPPING, "cancelled")


def test_one_that_ended_stays_as_it_ended() -> None:
    over = ended(an_execution(), at=NOON, message="exit code 0", exit_code=0)
    later = NOON + timedelta(hours=1)
    assert ended(over, at=later, message="again") == over
    assert stopping(over, "late") == over
    assert over == replace(
        an_execution(id=over.id, flow_run_id=over.flow_run_id),
        phase=Phase.ENDED,
        exit_code=0,
        message="exit code 0",
        end_time=NOON,
    )
