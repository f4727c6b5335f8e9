"""Programs deploy flows and run deployments, against a server and without one."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from hanging import HANG_LIMIT
from integration.serving import Serving
from integration.system import clean_environment

PROGRAM = """
import sys
from penstock import flow, run_deployment, task
from penstock.runtime import deployment, flow_run

@task
def measured() -> list:
    from penstock.engine.contexts import tags_var
    return sorted(tags_var.get())

@flow
def measure(litres: int = 1, at: object = None) -> str:
    assert measured() == flow_run.tags == ["daily", "test"], flow_run.tags
    assert flow_run.name == "first" and flow_run.flow_version == "v9"
    assert flow_run.root_flow_run_id == flow_run.id == deployment.flow_run_id
    assert flow_run.scheduled_start_time is not None
    assert deployment.name == "d" and deployment.version == 1
    assert deployment.parameters["litres"] == litres
    return "x" * litres

class Spill(Exception):
    pass

class Lock:
    def __init__(self, gates):
        self.gates = gates

@flow
def locks(gates: int) -> object:
    if gates < 0:
        raise Spill("no gates")
    return Lock(gates)

if __name__ == "__main__":
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with Serving(tmp_path_factory.mktemp("server")) as serving:
        yield serving


def program(folder: Path, main: str, **environment: str) -> subprocess.CompletedProcess[str]:
    script = folder / "measuring.py"
    script.write_text(PROGRAM + textwrap.indent(textwrap.dedent(main), "    "))
    return subprocess.run(
        [sys.executable, str(script)],
        env=clean_environment(PENSTOCK_HOME=str(folder / "store"), **environment),
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )


def test_a_flow_is_deployed_and_run_and_knows_what_it_is_a_run_of(
    server: Serving, tmp_path: Path
) -> None:
    ended = program(
        tmp_path,
        """
        measure.deploy("d", "local-pool", tags=["daily"], version="v9", print_next_steps=False)
        run = run_deployment(
            "measure/d", parameters={"litres": 300_000}, tags=["test"], flow_run_name="first",
        )
        print(run.name, run.state.name, run.state.message, len(run.result()))
        """,
        PENSTOCK_ADDRESS=server.address,
    )
    assert ended.stdout == "first Completed  300000\n", ended.stderr


def test_a_program_gets_what_the_flow_returned_or_raised(
    server: Serving, tmp_path: Path
) -> None:
    ended = program(
        tmp_path,
        """
        from measuring import Lock, Spill  # as the flow's process knows them
        locks.deploy("d", "local-pool", print_next_steps=False)
        good, bad = (run_deployment("locks/d", parameters={"gates": it}) for it in (2, -1))
        assert isinstance(good.result(), Lock)
        print(good.result().gates, good)
        try:
            bad.result()
        except Spill as error:
            print("raised", error, isinstance(bad.result(raise_on_failure=False), Spill))
        """,
        PENSTOCK_ADDRESS=server.address,
    )
    good, bad = ended.stdout.splitlines()
    assert good.startswith("2 DeployedRun(")
    assert ", Completed, id=" in good
    assert bad == "raised no gates True", ended.stderr


def test_async_programs_await_runs_beside_one_another_and_may_leave_one_alone(
    server: Serving, tmp_path: Path
) -> None:
    ended = program(
        tmp_path,
        """
        import asyncio
        async def several():
            runs = [run_deployment("locks/a", parameters={"gates": it}) for it in (1, 2)]
            ended = await asyncio.gather(*runs)
            assert ended == runs
            print([run.state.name for run in ended])
            run_deployment("locks/a", parameters={"gates": 3}, flow_run_name="alone")
        locks.deploy("a", "local-pool", print_next_steps=False)
        asyncio.run(several())
        """,
        PENSTOCK_ADDRESS=server.address,
    )
    assert ended.stdout == "['Completed', 'Completed']\n", ended.stderr
    listed = subprocess.run(
        [sys.executable, "-m", "penstock.cli", "flow-run", "ls", "--name", "alone"],
        env=clean_environment(PENSTOCK_ADDRESS=server.address),
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )
    assert "alone" in listed.stdout, listed.stderr


def test_an_argument_that_json_cannot_say_is_named(server: Serving, tmp_path: Path) -> None:
    ended = program(
        tmp_path,
        """
        import datetime
        day = datetime.date(2026, 1, 2)
        measure.deploy("dated", "local-pool", parameters={"at": day}, print_next_steps=False)
        measure.deploy("odd", "local-pool", parameters={"at": object()})
        """,
        PENSTOCK_ADDRESS=server.address,
    )
    assert ended.returncode == 1
    said = ended.stderr.splitlines()[-1]
    assert "parameter 'at' of a deployment cannot be written as JSON" in said
    assert "object" in said


def test_without_a_server_a_missing_pool_is_named_with_its_command(tmp_path: Path) -> None:
    ended = program(tmp_path, 'measure.deploy("d", "local-pool")')
    assert ended.returncode == 1
    assert "create it with `penstock pool create local-pool`" in ended.stderr


def test_without_a_server_a_run_waits_for_a_worker(tmp_path: Path) -> None:
    ended = program(
        tmp_path,
        """
        import subprocess, sys
        command = [sys.executable, "-m", "penstock.cli", "pool", "create", "local-pool"]
        subprocess.run(command, check=True, capture_output=True)
        measure.deploy("d", "local-pool", print_next_steps=False)
        print(run_deployment("measure/d", timeout=0.2).state.name)
        """,
    )
    assert ended.stdout == "Scheduled\n", ended.stderr
