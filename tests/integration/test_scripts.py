"""A script goes on while its server is away, until a person has no patience left."""

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from hanging import HANG_LIMIT
from integration.caller import Caller, state_of
from integration.embedded import program
from integration.serving import Serving
from integration.system import LEASH, end_all_of
from integration.waiting import appears

IMPATIENT = """
import os, signal
from penstock import flow, task
@task
def step():
    return 1

@flow
def alone(server):
    step()
    os.kill(server, signal.SIGKILL)
    step()
    raise ValueError("the user's own")

alone(int(os.environ["SERVER"]))
"""


def test_a_script_outlives_a_restart_of_its_server(tmp_path: Path) -> None:
    home = tmp_path / "script"
    with Serving(tmp_path / "server") as first:
        script = program(home, "paced", str(tmp_path), "3", PENSTOCK_ADDRESS=first.address)
        appears(tmp_path / "step-0")
    # Nobody serves now, while the script ends.
    for number in range(3):
        (tmp_path / f"go-{number}").touch()
    appears(tmp_path / "step-2")
    with Serving(tmp_path / "server", address=first.address) as again:
        _, said = script.communicate(timeout=HANG_LIMIT)
        assert script.returncode == 0, said
        with closing(Caller(again.addresses)) as caller:
            [run] = caller.flow_runs()
            assert state_of(run) == "COMPLETED"
            last = caller.task_runs(run.id)["one_step"]
    assert (last.name, state_of(last)) == ("one_step-2", "COMPLETED")
    end_all_of(home)


def test_ctrl_c_ends_the_wait_and_hides_nothing_that_the_user_raised(tmp_path: Path) -> None:
    with Serving(tmp_path / "server") as server:
        environment = {
            **server.environment,
            "PENSTOCK_ADDRESS": server.address,
            "SERVER": str(server.pid),
        }
        script = subprocess.Popen(
            [sys.executable, "-c", LEASH, "-c", IMPATIENT],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert script.stderr is not None
        while "does not accept requests at the moment" not in (
            line := script.stderr.readline()
        ):
            assert line, "the script has ended"
        script.send_signal(signal.SIGINT)
        _, said = script.communicate(timeout=HANG_LIMIT)
    assert script.returncode == -signal.SIGINT
    assert "ValueError: the user's own" in said
    assert said.splitlines()[-1] == "KeyboardInterrupt"
