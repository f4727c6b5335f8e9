"""SIGTERM ends each service in good order, whatever it is doing."""

from contextlib import closing
from pathlib import Path

import psutil

from fixtures_systems import NewSystem
from integration.caller import Caller, state_of
from integration.system import processes_of, wait_until_gone
from integration.waiting import pid_in


def test_all_services_end_in_good_order_and_leave_nothing(new_system: NewSystem) -> None:
    system = new_system()
    system.start_all()
    order = ("executor", "artifact", "scheduler", "state")
    codes = {service: system.terminate(service) for service in order}
    assert set(codes.values()) == {0}
    assert processes_of(system.folder) == []


def test_an_executor_is_reached_where_its_worker_says(
    new_system: NewSystem, tmp_path: Path
) -> None:
    system = new_system()
    system.start_all()
    with closing(Caller(system.addresses)) as caller:
        [worker] = caller.workers()
        assert worker.manifest.execution_address == system.addresses["executor"]
        run = caller.run(caller.deploy("sleeper"), folder=str(tmp_path))
        pid_in(tmp_path / "child")
        with closing(
            Caller({**system.addresses, "executor": worker.manifest.execution_address})
        ) as there:
            [execution] = there.executions()
        assert execution.run.flow_run_id == run


def test_an_executor_that_is_asked_to_end_takes_its_runs_with_it_at_once(
    new_system: NewSystem, tmp_path: Path
) -> None:
    system = new_system(PENSTOCK_STATE_TTL="10m")
    system.start_all()
    with closing(Caller(system.addresses)) as caller:
        run = caller.run(caller.deploy("stubborn"), folder=str(tmp_path))
        family = [psutil.Process(pid_in(tmp_path / name)) for name in ("child", "grandchild")]
        assert system.terminate("executor") == 0
        assert wait_until_gone(family) == []
        assert state_of(caller.ended(run)) == "CRASHED"
