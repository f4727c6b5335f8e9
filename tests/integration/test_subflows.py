"""A subflow lives and ends with the flow that called it, wherever that runs."""

import signal
import time
from contextlib import closing
from pathlib import Path

from hanging import HANG_LIMIT
from integration.caller import Caller, state_of
from integration.embedded import program
from integration.serving import Serving
from integration.system import end_all_of, processes_of
from integration.waiting import appears
from penstock.api.state.v1.flow_run_pb2 import FlowRun


def test_a_cancel_of_a_deployed_flow_ends_its_subflow(caller: Caller, tmp_path: Path) -> None:
    run = caller.run(caller.deploy("pacing"), folder=str(tmp_path))
    appears(tmp_path / "step-0")
    caller.cancel(run)
    (tmp_path / "go-0").touch()
    assert state_of(caller.ended(run)) == "CANCELLED"
    subflow = the_subflow_of(run, caller)
    assert state_of(caller.ended(subflow.id)) == "CANCELLED"


def test_a_killed_script_and_its_subflow_crash_at_once(tmp_path: Path) -> None:
    home = tmp_path / "script"
    # Longer than any test waits.
    long = {"PENSTOCK_STATE_TTL": "10m"}
    with (
        Serving(tmp_path / "server", **long) as server,
        closing(Caller(server.addresses)) as caller,
    ):
        script = program(
            home,
            "pacing",
            str(tmp_path),
            PENSTOCK_ADDRESS=server.address,
            PENSTOCK_RENEWER_AFTER="0.1",
        )
        try:
            appears(tmp_path / "step-0")
            wait_for_the_renewer_of(home, script.pid)
            script.send_signal(signal.SIGKILL)
            for run in caller.flow_runs():
                caller.until(run.id, "CRASHED")
            assert len(caller.flow_runs()) == 2
        finally:
            end_all_of(home)
            script.communicate()


def wait_for_the_renewer_of(home: Path, script: int) -> None:
    """It has left what it was started as, and sees the script's end."""
    end = time.monotonic() + HANG_LIMIT
    while time.monotonic() < end:
        family = processes_of(home)
        pids = {process.pid for process in family}
        if any(it.pid != script and it.ppid() not in pids for it in family):
            return
        time.sleep(0.02)
    raise AssertionError("nobody renews")


def the_subflow_of(flow_run_id: str, caller: Caller) -> FlowRun:
    [found] = [run for run in caller.flow_runs() if run.parent_flow_run_id == flow_run_id]
    return found
