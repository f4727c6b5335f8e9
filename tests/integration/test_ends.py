"""However a run's process ends, the run says so in time, and nothing of it stays alive."""

import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from fixtures_systems import NewSystem
from integration.caller import Caller, state_of
from integration.system import wait_until_gone
from integration.waiting import pid_in, wait_until
from penstock.api.state.v1.flow_run_pb2 import FlowRun
from penstockd.state.rules.log import LATE_LINES


def test_a_child_that_is_killed_crashes_its_run_long_before_its_ttl_is_over(
    caller: Caller, tmp_path: Path
) -> None:
    run = caller.run(caller.deploy("sleeper"), folder=str(tmp_path))
    family = its_processes(tmp_path)
    os.kill(family[0].pid, signal.SIGKILL)
    ended = caller.ended(run)
    assert state_of(ended) == "CRASHED"
    assert "SIGKILL" in ended.state.message
    assert ended.failure.error_type == "penstock.ProcessDied"
    assert ended.failure.message == ended.state.message
    assert wait_until_gone(family) == []


@pytest.mark.parametrize("count", [0, 20])
def test_who_watches_a_log_gets_every_line_and_then_its_end(caller: Caller, count: int) -> None:
    deployment = caller.deploy("chatting")
    runs = [caller.run(deployment, lines=count, killed=False) for _ in range(8)]
    whole = {f"{way} {number}" for way in ("out", "said", "err") for number in range(count)}
    with ThreadPoolExecutor(len(runs)) as watchers:
        for lines in watchers.map(caller.watched_log, runs):
            assert whole | {"last words"} <= set(lines)
            assert len(set(lines)) == len(lines)


def test_the_log_of_a_killed_child_is_complete_with_what_it_had_written(caller: Caller) -> None:
    run = caller.run(caller.deploy("chatting"), lines=20, killed=True)
    lines = set(caller.watched_log(run))
    assert {f"{way} {number}" for way in ("out", "err") for number in range(20)} <= lines
    assert state_of(caller.ended(run)) == "CRASHED"
    ended = caller.flow_run(run).end_time.ToDatetime(UTC)
    assert datetime.now(UTC) - ended < LATE_LINES


def test_the_task_that_a_killed_child_was_in_crashes_with_its_run(
    caller: Caller, tmp_path: Path
) -> None:
    run = caller.run(caller.deploy("dozing"), folder=str(tmp_path))
    child = pid_in(tmp_path / "child")
    wait_until(lambda: "sleep_long" in caller.task_runs(run))
    os.kill(child, signal.SIGKILL)
    caller.ended(run)
    task_run = caller.task_runs(run)["sleep_long"]
    assert state_of(task_run) == "CRASHED"
    assert task_run.state.message.startswith("the flow run crashed: ")
    assert "SIGKILL" in task_run.state.message


def test_the_subflow_of_a_killed_child_crashes_with_its_parent(
    caller: Caller, tmp_path: Path
) -> None:
    run = caller.run(caller.deploy("nesting"), folder=str(tmp_path))
    child = pid_in(tmp_path / "child")
    subflow = subflow_of(run, caller)
    wait_until(lambda: "sleep_long" in caller.task_runs(subflow.id))
    os.kill(child, signal.SIGKILL)
    caller.ended(run)
    subflow = subflow_of(run, caller)
    assert state_of(subflow) == "CRASHED"
    assert "SIGKILL" in subflow.state.message
    assert state_of(caller.task_runs(subflow.id)["sleep_long"]) == "CRASHED"


def test_an_executor_that_is_killed_leaves_no_child_and_its_run_crashes_by_its_ttl(
    new_system: NewSystem, tmp_path: Path
) -> None:
    system = new_system(PENSTOCK_STATE_TTL="10s")
    system.start_all()
    caller = Caller(system.addresses)
    run = caller.run(caller.deploy("sleeper"), folder=str(tmp_path))
    family = its_processes(tmp_path)
    system.kill("executor")
    assert wait_until_gone(family) == []
    ended = caller.ended(run)
    assert state_of(ended) == "CRASHED"
    caller.close()


def test_a_cancelled_run_ends_as_cancelled(caller: Caller, tmp_path: Path) -> None:
    run = caller.run(caller.deploy("sleeper"), folder=str(tmp_path))
    family = its_processes(tmp_path)
    caller.cancel(run)
    assert state_of(caller.ended(run)) == "CANCELLED"
    assert wait_until_gone(family) == []


def test_a_run_that_ignores_every_request_to_end_is_cancelled_by_force(
    caller: Caller, tmp_path: Path
) -> None:
    run = caller.run(caller.deploy("stubborn"), folder=str(tmp_path))
    family = its_processes(tmp_path)
    caller.cancel(run)
    assert state_of(caller.ended(run)) == "CANCELLED"
    assert wait_until_gone(family) == []


def test_a_run_that_waits_is_cancelled_at_once(new_system: NewSystem, tmp_path: Path) -> None:
    system = new_system()
    system.start_all()
    assert system.terminate("executor") == 0
    caller = Caller(system.addresses)
    run = caller.run(caller.deploy("sleeper"), folder=str(tmp_path))
    caller.cancel(run)
    assert state_of(caller.ended(run)) == "CANCELLED"
    caller.close()


def subflow_of(flow_run_id: str, caller: Caller) -> FlowRun:
    runs = caller.flow_runs()
    [subflow] = [each for each in runs if each.parent_flow_run_id == flow_run_id]
    return subflow


def its_processes(folder: Path) -> Sequence[psutil.Process]:
    """Return the process under the run and the one that the flow started."""
    return [psutil.Process(pid_in(folder / name)) for name in ("child", "grandchild")]
