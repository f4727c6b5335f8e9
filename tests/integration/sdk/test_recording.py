"""What a run logs is recorded to its end, whatever texts it holds."""

import logging
import time
from typing import Any

import pytest

from hanging import HANG_LIMIT
from penstock import flow, get_run_logger, task
from penstock.runtime import flow_run


def test_a_log_says_when_it_has_ended(recorded: Any) -> None:
    @flow
    def talks() -> None:
        get_run_logger().info("hello")
        if not recorded.whole_log(flow_run.id).complete:
            get_run_logger().info("goes on")

    talks()
    log = recorded.whole_log(recorded.newest().id)
    end = time.monotonic() + HANG_LIMIT
    while not log.complete and time.monotonic() < end:
        time.sleep(0.01)
        log = recorded.whole_log(recorded.newest().id)
    lines = [each.message for each in log.lines]
    assert lines[1:3] == ["hello", "goes on"]
    assert log.complete


def test_texts_of_any_kind_are_recorded(recorded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # A test's report cannot carry such texts.
    monkeypatch.setattr(logging.getLogger("penstock"), "propagate", False)

    @task(task_run_name="half {half}")
    def one(half: str) -> str:
        return half

    @flow(flow_run_name="long {half}" + "x" * 300)
    def odd(half: str) -> None:
        get_run_logger().info("a\0b %s", half)
        get_run_logger().info("é" * 100_000)
        one(half)

    odd("\ud800")
    run = recorded.newest()
    assert run.name.startswith("long ?x") and len(run.name) == 255
    assert list(recorded.task_runs(run.id)) == ["half ?"]
    lines = recorded.log(run.id)
    assert "a\ufffdb ?" in lines
    assert max(len(line.encode()) for line in lines) > 65_000
