"""What a server does that cannot or must not start: one line that says why, and a code."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from hanging import HANG_LIMIT
from integration.serving import Serving, refused
from integration.system import (
    clean_environment,
    end_all_of,
    processes_of,
    unused_addresses,
    wait_until_gone,
)

CONFIGURATION_IS_WRONG, STORE_IS_OWNED, STOPPED = 78, 75, 143


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "store"
    end_all_of(tmp_path / "store")


@pytest.mark.parametrize("arguments", [["all"], ["state"], ["all", "--separate"]])
def test_an_address_that_others_reach_needs_a_word(
    store: Path, arguments: Sequence[str]
) -> None:
    [address] = unused_addresses(1)
    port = address.rpartition(":")[2]
    code, said = refused(store, *arguments, "--listen", f"0.0.0.0:{port}")
    assert code == CONFIGURATION_IS_WRONG
    assert "--insecure" in said.splitlines()[-1]


def test_what_is_stopped_while_it_starts_leaves_no_process(store: Path) -> None:
    [address] = unused_addresses(1)
    arguments = ["all", "--separate", "--listen", address, "--store", str(store)]
    server = subprocess.Popen(
        [sys.executable, "-m", "penstockd", *arguments],
        env=clean_environment(PENSTOCK_HOME=str(store)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + HANG_LIMIT
    while len(processes_of(store)) < 3:
        assert time.monotonic() < end, "it starts nothing"
    server.terminate()
    assert server.wait(timeout=HANG_LIMIT) == STOPPED
    assert wait_until_gone(processes_of(store)) == []


def test_people_are_told_an_address_that_they_can_call(store: Path) -> None:
    [address] = unused_addresses(1)
    port = address.rpartition(":")[2]
    with Serving(store, "--listen", f"0.0.0.0:{port}", "--insecure", address=address) as server:
        assert f"export PENSTOCK_ADDRESS=localhost:{port}" in server.log()


def test_a_log_for_programs_has_no_line_for_people(store: Path) -> None:
    with Serving(store, "--log-format", "json") as server:
        lines = server.log().splitlines()
    assert "server.listening" in {json.loads(line)["event"] for line in lines}


def test_nobody_waits_while_a_server_loads_what_lists_need(store: Path) -> None:
    with Serving(store) as server:
        mapped = {each.path for each in psutil.Process(server.pid).memory_maps()}
    assert any("/sqlalchemy/" in path for path in mapped)


def test_a_second_server_on_one_store_is_refused_with_the_owners_pid(store: Path) -> None:
    with Serving(store) as owner:
        code, said = refused(store, "all", "--listen", unused_addresses(1)[0])
        assert code == STORE_IS_OWNED
        assert str(owner.pid) in said


def test_a_port_that_is_taken_is_named(store: Path, tmp_path: Path) -> None:
    with Serving(store) as owner:
        code, said = refused(tmp_path / "other", "all", "--listen", owner.address)
        assert code == CONFIGURATION_IS_WRONG
        assert owner.address in said


@pytest.mark.parametrize("arguments", [["all"], ["all", "--separate"], ["artifact"]])
@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://me:SECRET@127.0.0.1/penstock",
        "postgresql://me:SECRET@127.0.0.1:bad/penstock",
        "postgresql://me:SE/CRET@127.0.0.1/penstock",
        "mysql://me:SECRET@127.0.0.1/penstock",
    ],
)
def test_a_database_that_is_none_is_refused_without_its_password(
    store: Path, arguments: Sequence[str], url: str
) -> None:
    there = {"PENSTOCK_ADDRESS": "127.0.0.1:1"}
    code, said = refused(store, *arguments, "--database", url, **there)
    assert code == CONFIGURATION_IS_WRONG
    assert "CRET" not in said
    assert len(said.splitlines()) == 1


def test_a_mistyped_option_is_told_without_its_password(store: Path) -> None:
    _, said = refused(store, "all", "--databse=postgresql://me:SECRET@127.0.0.1/penstock")
    assert "--databse" in said
    assert "SECRET" not in said


def test_a_setting_that_nobody_knows_is_named(store: Path) -> None:
    code, said = refused(store, "state", PENSTOCK_STATE_TTLL="2s")
    assert code == CONFIGURATION_IS_WRONG
    assert "PENSTOCK_STATE_TTLL" in said


def test_a_service_that_cannot_find_the_others_says_what_to_set(store: Path) -> None:
    code, said = refused(store, "executor")
    assert code == CONFIGURATION_IS_WRONG
    assert "PENSTOCK_STATE_ADDRESS" in said


def test_an_owner_that_was_killed_hinders_nobody(store: Path) -> None:
    with Serving(store) as killed:
        psutil.Process(killed.pid).kill()
        killed.wait()
        with Serving(store) as heir:
            assert heir.pid != killed.pid


def test_an_executor_says_what_it_serves_and_each_run_that_begins_and_ends(
    store: Path,
) -> None:
    with Serving(store, "--log-level", "warning") as serving:
        assert f"database    sqlite:///{store}/penstock.db\n" in serving.log()
        (store / "water.py").write_text(
            "from penstock import flow\n@flow\ndef basin():\n    return 1\n"
        )
        environment = {**serving.environment, "PENSTOCK_ADDRESS": serving.address}
        for words in (
            ("deploy", "water.py:basin", "-n", "d", "--pool", "local-pool"),
            ("deployment", "run", "basin/d", "--name", "calm", "--watch"),
        ):
            subprocess.run(
                [sys.executable, "-m", "penstock.cli", *words],
                cwd=store,
                env=environment,
                stdout=subprocess.DEVNULL,
                timeout=HANG_LIMIT,
                check=True,
            )
        serving.until_logged("run.ended run=basin/calm")
        assert serving.log().count("run.began run=basin/calm") == 1
        assert 'how="exit code 0" state=Completed' in serving.log()
        with subprocess.Popen(
            [sys.executable, "-m", "penstock.cli", "executor", "start", "--slots", "1"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as begun:
            assert begun.stdout is not None
            said = [begun.stdout.readline() for _ in range(3)]
            begun.terminate()
    assert said[0] == "Penstock runs flows of work pool local-pool, 1 run at a time.\n"
    assert f":{begun.pid}" in said[1]
    assert serving.address in said[2]
