"""`penstockd all --separate`: five processes that look like one server."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import grpc
import psutil
import pytest

from hanging import HANG_LIMIT
from integration.caller import Caller, state_of
from integration.serving import Serving, refused
from integration.system import processes_of, wait_until_gone
from penstockd.assembly.services import SERVICES


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def serving(store: Path, postgres_url: str) -> Iterator[Serving]:
    with Serving(store, "--separate", PENSTOCK_DATABASE=postgres_url) as running:
        yield running


def process_of(store: Path, service: str) -> psutil.Process:
    [found] = [each for each in processes_of(store) if service in each.cmdline()]
    return found


def until_another(store: Path, service: str, before: int) -> None:
    """Wait until the service has another process."""
    end = time.monotonic() + HANG_LIMIT
    while not {each.pid for each in processes_of(store) if service in each.cmdline()} - {
        before
    }:
        assert time.monotonic() < end, f"no other {service} service comes"
        time.sleep(0.05)


def until_answered(call: Callable[[], object]) -> None:
    """Ask again for as long as the service is said to be away."""
    end = time.monotonic() + HANG_LIMIT
    while True:
        try:
            call()
        except grpc.RpcError as error:
            assert error.code() is grpc.StatusCode.UNAVAILABLE
            assert time.monotonic() < end, error
            time.sleep(0.05)
        else:
            return


def test_a_deployed_run_goes_through_the_one_address(serving: Serving) -> None:
    with closing(Caller(serving.addresses)) as caller:
        run = caller.run(caller.deploy("travelling"))
        ended = caller.ended(run)
        assert state_of(ended) == "COMPLETED", caller.story(run)


def test_neither_a_run_nor_its_executor_sees_the_database(
    store: Path, postgres_url: str
) -> None:
    secrets = {"PENSTOCK_DATABASE": postgres_url, "A_KEY": "s3cret", "ANOTHER_KEY": "s3cret"}
    printed = {"got PATH", "got ANOTHER_KEY"}
    passing = {"PENSTOCK_EXECUTOR_PASS_ENVIRONMENT": "ANOTHER_*,PENSTOCK_*"}
    with (
        Serving(store, "--separate", **secrets, **passing) as serving,
        closing(Caller(serving.addresses)) as caller,
    ):
        run = caller.run(caller.deploy("telling_its_environment"))
        assert state_of(caller.ended(run)) == "COMPLETED", caller.story(run)
        log = caller.watched_log(run)
        assert "PENSTOCK_DATABASE" not in process_of(store, "executor").environ()
    assert printed <= set(log)
    assert "got PENSTOCK_DATABASE" not in log
    assert "got A_KEY" not in log
    [withheld] = [line for line in log if "withheld" in line]
    assert "A_KEY" in withheld


def test_nothing_stays_after_its_end(store: Path, postgres_url: str) -> None:
    with Serving(store, "--separate", PENSTOCK_DATABASE=postgres_url) as running:
        assert len(processes_of(store)) == 5
        psutil.Process(running.pid).terminate()
        running.wait()
        assert running.exit_code == 0
        assert processes_of(store) == []


def test_a_service_that_dies_is_started_again_while_the_others_go_on(
    serving: Serving, store: Path
) -> None:
    before = {part: process_of(store, part).pid for part in SERVICES}
    os.kill(before["scheduler"], signal.SIGKILL)
    with closing(Caller(serving.addresses)) as caller:
        caller.flow_runs()
        until_another(store, "scheduler", before["scheduler"])
        until_answered(caller.live_workers)
        run = caller.run(caller.deploy("travelling"))
        assert state_of(caller.ended(run)) == "COMPLETED", caller.story(run)
    others = [part for part in SERVICES if part != "scheduler"]
    assert {part: process_of(store, part).pid for part in others} == {
        part: before[part] for part in others
    }
    assert "service.ended service=scheduler exit_code=-9 again_in=0.1s" in serving.log()


def test_nothing_stays_when_the_front_is_killed(store: Path, postgres_url: str) -> None:
    with Serving(store, "--separate", PENSTOCK_DATABASE=postgres_url) as running:
        parts = processes_of(store)
        psutil.Process(running.pid).kill()
        assert wait_until_gone(parts) == []
        assert running.log().count("server.stopped") == len(SERVICES)


@pytest.mark.parametrize("arguments", [[], ["--separate"]])
def test_who_is_hung_up_drains(
    store: Path, postgres_url: str, arguments: Sequence[str]
) -> None:
    with Serving(store, *arguments, PENSTOCK_DATABASE=postgres_url) as running:
        psutil.Process(running.pid).send_signal(signal.SIGHUP)
        running.wait()
        assert running.exit_code == 0
        assert "server.stopped" in running.log()
        assert wait_until_gone(processes_of(store)) == []


def test_nothing_stays_of_what_is_interrupted_twice(store: Path, postgres_url: str) -> None:
    with Serving(store, "--separate", PENSTOCK_DATABASE=postgres_url) as running:
        parts = processes_of(store)
        front = psutil.Process(running.pid)
        front.send_signal(signal.SIGINT)
        running.until_logged("server.draining")
        front.send_signal(signal.SIGINT)
        assert wait_until_gone(parts) == []


def test_who_holds_the_port_of_a_service_is_named(store: Path) -> None:
    with Serving(store, "--separate") as running:
        state = process_of(store, "state")
        port = int(running.address.rpartition(":")[2])
        # The port of its state service is the front's next one: that of this front.
        code, said = refused(
            store.with_name("other"),
            *("all", "--separate", "--listen", f"127.0.0.1:{port - 1}"),
        )
    assert code == 78
    assert f"process {running.pid} (" in said
    assert f"cannot listen on 127.0.0.1:{port}" in said
    assert state.pid != running.pid
