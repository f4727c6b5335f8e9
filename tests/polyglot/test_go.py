"""A client and a worker in Go, written against the contract alone, and `penstock up`."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from hanging import HANG_LIMIT
from integration.caller import Caller, state_of
from integration.serving import Serving
from integration.system import LEASH
from penstock.api.state.v1.state_pb2 import AttemptCause, StateType
from penstock.api.state.v1.transition_pb2 import FlowRunTransition

pytestmark = pytest.mark.polyglot

SOURCES = Path(__file__).with_name("go")
POOL = "go"
SLEEP = "test-sleep/go"
LONG = 600
# So long parks a call for which there is no word; half of it is much for one that is told.
PARKED = {"PENSTOCK_STATE_TTL": "200s", "PENSTOCK_STATE_RENEW_INTERVAL": "60s"}
AT_ONCE = 15.0


class Up(Serving):
    """`penstock up` on a store of its own."""

    def __init__(self, store: Path) -> None:
        super().__init__(store, PENSTOCK_STORE=str(store), **PARKED)
        port = self.address.rpartition(":")[2]
        self._command = [
            sys.executable,
            "-c",
            LEASH,
            "-m",
            "penstock.cli",
            "up",
            "--port",
            port,
        ]


class Worker:
    """The worker in Go, with one slot, which has ended in good order after the block."""

    def __init__(self, programs: Path, server: Serving, folder: Path) -> None:
        self._command = [str(programs / "worker"), "-address", server.address, "-pool", POOL]
        self._log = folder / "worker.log"

    def terminate(self) -> None:
        self._process.terminate()
        assert self._process.wait(HANG_LIMIT) == 0, self.log()

    def log(self) -> str:
        return self._log.read_text()

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([*self._command, "-slots", "1"], stderr=log)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._process.kill()
            error.add_note(self.log())
        if self._process.poll() is None:
            self.terminate()


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the two programs; `make test-polyglot` has generated what they import."""
    folder = tmp_path_factory.mktemp("programs")
    subprocess.run(["go", "build", "-o", f"{folder}/", "./..."], cwd=SOURCES, check=True)
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    with Up(tmp_path_factory.mktemp("up")) as serving:
        yield serving


@pytest.fixture(scope="module")
def caller(server: Up) -> Iterator[Caller]:
    with closing(Caller(server.addresses)) as asking:
        yield asking


@pytest.fixture(scope="module")
def saw(
    programs: Path, server: Up, caller: Caller, tmp_path_factory: pytest.TempPathFactory
) -> Any:
    """What the client printed, which made the pool and the deployments that others use."""
    client = subprocess.Popen(
        [programs / "client", "-address", server.address, "-pool", POOL], stdout=subprocess.PIPE
    )
    until(lambda: POOL in caller.live_workers())
    with Worker(programs, server, tmp_path_factory.mktemp("worker")):
        told, _ = client.communicate(timeout=HANG_LIMIT)
    assert client.returncode == 0
    return json.loads(told)


@pytest.fixture
def worker(
    saw: Any, programs: Path, server: Up, caller: Caller, tmp_path: Path
) -> Iterator[Worker]:
    with Worker(programs, server, tmp_path) as serving:
        until(lambda: caller.live_workers()[POOL] == 1)
        yield serving


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + HANG_LIMIT
    while not is_so():
        assert time.monotonic() < end, f"not so after {HANG_LIMIT} s"
        time.sleep(0.05)


def seconds_between(one: FlowRunTransition, other: FlowRunTransition) -> float:
    nanoseconds = other.state.time.ToNanoseconds() - one.state.time.ToNanoseconds()
    return float(nanoseconds / 1e9)


def names(caller: Caller, flow_run_id: str) -> list[str]:
    return [each.state.name for each in caller.transitions(flow_run_id)]


def test_a_run_is_watched_to_its_result(saw: Any) -> None:
    assert saw["add"]["states"] == ["Scheduled", "Pending", "Running", "Completed"]
    assert saw["add"]["result"] == {"sum": 42}


def test_a_run_that_failed_is_tried_again_under_the_same_lease(
    saw: Any, caller: Caller
) -> None:
    flaky = saw["flaky"]
    assert flaky["states"] == [
        *("Scheduled", "Pending", "Running", "AwaitingRetry", "Running", "Completed")
    ]
    assert (flaky["attempt"], flaky["result"]) == (2, 2)
    transitions = caller.transitions(flaky["id"])
    failure = transitions[3].failure
    assert (failure.error_type, failure.language) == ("*errors.errorString", "go")
    assert failure.message == "the first attempt fails"
    # AwaitingRetry is the word of the service, all else that of the owner.
    assert [each.fence for each in transitions[2:]] == [1, 0, 1, 1]


def test_a_function_that_panics_fails_its_run_and_not_its_worker(saw: Any) -> None:
    assert saw["panic"]["states"][-2:] == ["Running", "Failed"]
    assert saw["panic"]["failure"] == "panic: no way out"


def test_a_run_that_is_cancelled_is_stopped_by_its_worker(saw: Any, caller: Caller) -> None:
    cancelled = saw["cancelled"]
    assert cancelled["states"] == [
        *("Scheduled", "Pending", "Running", "Cancelling", "Cancelled")
    ]
    assert saw["cancel_answer"] == "Cancelling"
    asked, ended = caller.transitions(cancelled["id"])[3:]
    assert asked.state.message == "the client had enough"
    assert seconds_between(asked, ended) < AT_ONCE


def test_the_client_lists_all_pages_of_what_it_made(saw: Any) -> None:
    assert saw["before"] == 0
    assert saw["listed"] == [saw[name]["id"] for name in ("add", "flaky", "panic", "cancelled")]


def test_errors_are_told_apart_by_their_reason(saw: Any) -> None:
    assert saw["errors"] == {
        "unknown": {"kind": "unknown run"},
        "reused": {"kind": "another intent had this id"},
        "exists": {"kind": "the pool is there"},
        "invalid": {"kind": "bad request", "fields": ["namespace"]},
    }
    assert saw["pool"]["same"], "the same request had another answer"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("add", [(1, "adding"), (1, "40 + 2")]),
        ("flaky", [(1, "attempt 1"), (1, "under way"), (2, "attempt 2"), (2, "under way")]),
        ("panic", []),
        ("cancelled", [(1, "sleeping"), (1, "for 600 s")]),
    ],
)
def test_the_log_of_a_run_that_ended_is_complete(
    saw: Any, caller: Caller, name: str, lines: list[tuple[int, str]]
) -> None:
    until(lambda: caller.log_is_complete(saw[name]["id"]))
    logged = caller.logged(saw[name]["id"])
    assert [(line.attempt, line.message) for line in logged.lines] == lines
    assert logged.complete


def test_what_a_worker_gives_back_when_it_stops_goes_on_elsewhere(
    worker: Worker, programs: Path, server: Up, caller: Caller, tmp_path: Path
) -> None:
    run = caller.run(SLEEP, seconds=LONG)
    caller.until(run, "RUNNING")
    worker.terminate()
    assert names(caller, run)[-1] == "Interrupted"
    with Worker(programs, server, tmp_path):
        ended = caller.ended(run)
    assert names(caller, run)[2:] == [
        *("Running", "Interrupted", "Pending", "Running", "Completed")
    ]
    assert (ended.attempt, ended.attempt_cause) == (1, AttemptCause.ATTEMPT_CAUSE_RESUME)


def test_a_worker_that_stops_closes_its_session(worker: Worker, caller: Caller) -> None:
    worker.terminate()
    assert caller.live_workers()[POOL] == 0


def test_a_run_that_was_taken_away_is_stopped_and_frees_its_slot(
    worker: Worker, caller: Caller
) -> None:
    lost = caller.run(SLEEP, seconds=LONG)
    caller.until(lost, "RUNNING")
    after = caller.run("math-add/go", a=1, b=2)
    caller.decree(lost, StateType.STATE_TYPE_FAILED)
    assert state_of(caller.ended(after)) == "COMPLETED"
    assert names(caller, lost) == ["Scheduled", "Pending", "Running", "Failed"]
    taken_away, taken = caller.transitions(lost)[-1], caller.transitions(after)[1]
    assert seconds_between(taken_away, taken) < AT_ONCE


def test_the_worker_fits_into_two_hundred_lines_that_gofmt_would_not_change() -> None:
    assert len((SOURCES / "worker/main.go").read_text().splitlines()) <= 200
    found = subprocess.run(
        ["gofmt", "-l", "."], cwd=SOURCES, check=True, capture_output=True, text=True
    )
    assert found.stdout == ""
