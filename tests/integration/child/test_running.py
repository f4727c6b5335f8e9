"""Real child processes against the real state and artifact services, with us as executor."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import signal
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import pytest
import pytest_asyncio
from google.protobuf.message import Message
from google.protobuf.proto import serialize_length_prefixed

from hanging import HANG_LIMIT
from penstock.api.executor.v1.child_pb2 import ChildCancel, ChildJob, ChildOrder
from penstock.api.state.v1 import flow_run_service_pb2 as runs_pb
from penstock.api.state.v1 import log_service_pb2 as logs_pb
from penstock.api.state.v1.flow_run_pb2 import FlowRun
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.log_service_pb2_grpc import LogServiceStub
from penstock.api.state.v1.state_pb2 import StateType
from penstock.api.state.v1.worker_session_pb2 import SessionClaim, SessionKind
from penstock.api.state.v1.worker_session_service_pb2 import CloseWorkerSessionRequest
from penstock.api.state.v1.worker_session_service_pb2_grpc import WorkerSessionServiceStub
from penstock.api.type.v1.launch_spec_pb2 import LaunchSpec, PythonProgram
from penstock.api.type.v1.payload_pb2 import Payload
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.api.type.v1.run_spec_pb2 import RunSpec
from penstock.child.wire_orders import PROTOCOL_VERSION
from penstock.wire_channels import with_call_defaults
from penstockd.assembly.services import SERVICES, mount
from penstockd.assembly.site import Site
from penstockd.chassis.clock import system_clock
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import local_channel
from penstockd.chassis.server import Server, ServerConfig
from penstockd.database.open import open_database

pytestmark = pytest.mark.asyncio

FLOWS = """
import asyncio, ctypes, os, signal, subprocess, sys, threading, time
from penstock import flow, task
from penstock.child import lingering

@task
def double(litres):
    return 2 * litres

@flow
def pump(litres: int = 1):
    print("pumping in", os.getcwd(), __name__)
    return double(litres)

@flow
def leaks():
    raise RuntimeError("a leak")

@flow
def drips():
    print("up")
    for _ in range(500):
        double(1)
        time.sleep(0.02)

@flow
def goes_on():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("up")
    while True:
        try:
            double(1)
        except BaseException as error:
            print(type(error).__name__)
        time.sleep(0.02)

@flow
async def awaits():
    print("up")
    await asyncio.sleep(60)

@task
async def awaited():
    await asyncio.sleep(60)

@flow
async def awaits_tasks():
    print("up")
    await asyncio.gather(awaited(), awaited())

@flow
async def blocks_its_loop():
    print("up")
    time.sleep(60)

@flow
def polls():
    print("up")
    for _ in range(60):
        try:
            time.sleep(1)
        except Exception:
            pass

@flow
def lingers(deaf: bool):
    if deaf:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    lingering.LIMIT = 0.3
    threading.Thread(target=time.sleep, args=(60,), name="pumping on").start()

@flow
def overruns(address: int):
    print("arguments", sys.argv[1:])
    ctypes.string_at(address)

@flow
def is_called():
    print(open("/proc/self/comm").read().strip())

@flow
def asks():
    told = ["PENSTOCK_NAMESPACE", "PENSTOCK_STATE_ADDRESS"]
    asking = f"import os; print(*(os.environ[name] for name in {told}))"
    subprocess.run([sys.executable, "-c", asking], check=True)

def plain():
    pass

if __name__ == "__main__":
    raise SystemExit("a child must not run what only a script runs")
"""


@dataclass(slots=True, kw_only=True)
class Ended:
    """What became of a run, and what its process wrote."""

    run: FlowRun
    exit_code: int
    stdout: str
    stderr: str
    logged: list[str]
    log_is_complete: bool

    @property
    def state(self) -> str:
        return StateType.Name(self.run.state.state_type).removeprefix("STATE_TYPE_")


@dataclass(slots=True, kw_only=True)
class Waterworks:
    """Creates runs, owns them, and starts their processes."""

    channel: grpc.aio.Channel
    address: str
    folder: Path

    async def ended(self, entrypoint: str, **changes: Any) -> Ended:
        process, run, pipe = await self.started(entrypoint, **changes)
        return await self.end_of(process, run, pipe)

    async def started(
        self, entrypoint: str, *, working_dir: str = "", run_id: str = "", **arguments: object
    ) -> tuple[asyncio.subprocess.Process, FlowRun, int]:
        session_id = str(uuid4())
        spec = RunSpec(
            flow_name="pump",
            parameters={
                name: Payload(
                    content_type="application/json", inline=json.dumps(value).encode()
                )
                for name, value in arguments.items()
            },
            launch=LaunchSpec(
                python=PythonProgram(
                    entrypoint=entrypoint,
                    working_dir=working_dir or str(self.folder),
                    sys_path=[str(self.folder)],
                )
            ),
        )
        created = await FlowRunServiceStub(self.channel).CreateFlowRun(
            runs_pb.CreateFlowRunRequest(
                request_id=str(uuid4()),
                namespace="default",
                spec=spec,
                claim=SessionClaim(session_id=session_id, kind=SessionKind.SESSION_KIND_SCRIPT),
            )
        )
        run = created.flow_run
        job = ChildJob(
            protocol_version=PROTOCOL_VERSION,
            lease=created.lease,
            session_id=session_id,
            spec=spec,
            flow_run_name=run.name,
            addresses=dict.fromkeys(("state", "scheduler", "artifact"), self.address),
        )
        job.lease.run.flow_run_id = run_id or run.id
        process, pipe = await a_child(job)
        return process, run, pipe

    async def cancel(self, run: FlowRun, message: str) -> None:
        request = runs_pb.CancelFlowRunRequest(
            request_id=str(uuid4()),
            namespace="default",
            flow_run_id=run.id,
            message=message,
        )
        await FlowRunServiceStub(self.channel).CancelFlowRun(request)

    async def end_of(
        self, process: asyncio.subprocess.Process, run: FlowRun, pipe: int
    ) -> Ended:
        stdout, stderr = await process.communicate()
        os.close(pipe)
        found = await FlowRunServiceStub(self.channel).GetFlowRun(
            runs_pb.GetFlowRunRequest(namespace="default", flow_run_id=run.id)
        )
        logs = await LogServiceStub(self.channel).ListLogs(
            logs_pb.ListLogsRequest(namespace="default", run=RunRef(flow_run_id=run.id))
        )
        assert process.returncode is not None
        return Ended(
            run=found.flow_run,
            exit_code=process.returncode,
            stdout=stdout.decode(),
            stderr=stderr.decode(),
            logged=[line.message for line in logs.lines],
            log_is_complete=logs.complete,
        )


async def a_child(job: ChildJob) -> tuple[asyncio.subprocess.Process, int]:
    """Start one as an executor does; return the end of its pipe to write to."""
    reader, writer = os.pipe()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "penstock.child", "pump/as its executor calls it",
        env={**os.environ, "PENSTOCK_CHILD_FD": str(reader)},
        pass_fds=[reader],
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    os.close(reader)
    tell(writer, job)
    return process, writer


def tell(pipe: int, message: Message) -> None:
    framed = io.BytesIO()
    serialize_length_prefixed(message, framed)
    os.write(pipe, framed.getvalue())


@pytest_asyncio.fixture
async def works(tmp_path: Path) -> AsyncIterator[Waterworks]:
    (tmp_path / "waterworks.py").write_text(textwrap.dedent(FLOWS))
    clock = system_clock()
    async with AsyncExitStack() as stack:
        database = await open_database(f"sqlite:///{tmp_path}/store/penstock.db", schemas=[])
        stack.push_async_callback(database.close)
        site = Site(store=tmp_path / "store", database=database, clock=clock)
        state = await mount(SERVICES["state"], site, {})
        to_state = with_call_defaults(local_channel(state, standard_chain()))
        artifact = await mount(SERVICES["artifact"], site, {"state": to_state})
        both = Server([state, artifact], ServerConfig(), clock=clock)
        server = await stack.enter_async_context(both)
        await stack.enter_async_context(asyncio.timeout(HANG_LIMIT))
        yield Waterworks(channel=to_state, address=server.address, folder=tmp_path)


async def test_a_run_goes_to_its_end_under_its_lease(works: Waterworks) -> None:
    end = await works.ended("waterworks.py:pump", litres=4)
    assert (end.state, end.exit_code, end.run.attempt) == ("COMPLETED", 0, 1)
    assert end.stdout == f"pumping in {works.folder} waterworks\n"
    assert end.stderr == ""
    # What happened, line by line, is kept though the process is gone.
    assert end.logged[-1].startswith("Completed (")
    # Its executor reads on, and then tells the end of the log.
    assert not end.log_is_complete


async def test_a_flow_that_raises_fails_with_the_frames_of_its_own_code(
    works: Waterworks,
) -> None:
    end = await works.ended("waterworks.py:leaks")
    assert (end.state, end.exit_code) == ("FAILED", 1)
    assert "RuntimeError: a leak" in end.run.state.message
    files = [line for line in end.stderr.splitlines() if line.lstrip().startswith("File ")]
    assert len(files) == 1
    assert f'File "{works.folder}/waterworks.py"' in files[0]


@pytest.mark.parametrize(
    ("entrypoint", "said"),
    [
        ("nowhere.py:pump", "nowhere.py"),
        ("waterworks.py:pomp", "'pomp'"),
        ("waterworks.py:plain", "waterworks.py:plain"),
        ("no.such.module:pump", "no.such.module"),
        ("broken.py:pump", "No module named 'no_such_thing'"),
        ("quits.py:pump", "quits.py:pump exited the program when it was imported"),
    ],
)
async def test_code_that_cannot_be_entered_fails_the_run_and_says_why(
    works: Waterworks, entrypoint: str, said: str
) -> None:
    (works.folder / "broken.py").write_text("import no_such_thing\n")
    (works.folder / "quits.py").write_text("raise SystemExit(3)\n")
    end = await works.ended(entrypoint)
    assert (end.state, end.exit_code) == ("FAILED", 1)
    assert said in end.run.state.message
    assert said in end.stderr
    assert "importlib" not in end.stderr


@pytest.mark.parametrize(
    ("deaf", "signalled"), [(False, signal.SIGTERM), (True, signal.SIGKILL)]
)
async def test_a_process_that_does_not_end_after_its_run_is_ended(
    works: Waterworks, deaf: bool, signalled: signal.Signals
) -> None:
    end = await works.ended("waterworks.py:lingers", deaf=deaf)
    assert (end.state, end.exit_code) == ("COMPLETED", -signalled)
    assert "join all threads before the flow returns (pumping on)" in end.stderr


async def test_a_folder_that_does_not_exist_fails_the_run(works: Waterworks) -> None:
    end = await works.ended("waterworks.py:pump", working_dir="/no/such/folder")
    assert end.state == "FAILED"
    assert "the folder /no/such/folder cannot be opened" in end.run.state.message


async def test_a_level_of_logging_that_does_not_exist_fails_the_run(
    works: Waterworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_LOGGING_LEVEL", "loud")
    end = await works.ended("waterworks.py:pump")
    assert (end.state, end.exit_code) == ("FAILED", 1)
    assert "PENSTOCK_LOGGING_LEVEL=loud is not a valid level" in end.run.state.message


async def test_a_cancel_reaches_the_flow_between_two_tasks(works: Waterworks) -> None:
    process, run, pipe = await works.started("waterworks.py:drips")
    assert process.stdout is not None
    assert await process.stdout.readline() == b"up\n"
    await works.cancel(run, "enough water")
    tell(pipe, ChildOrder(cancel=ChildCancel(message="enough water")))
    end = await works.end_of(process, run, pipe)
    assert (end.state, end.exit_code) == ("CANCELLED", 1)
    assert end.run.state.message == "enough water"


@pytest.mark.parametrize(
    ("flow", "by_signal"),
    [("awaits", False), ("awaits_tasks", False), ("blocks_its_loop", True), ("polls", True)],
)
async def test_a_cancel_interrupts_what_waits_and_cannot_be_swallowed(
    works: Waterworks, flow: str, by_signal: bool
) -> None:
    process, run, pipe = await works.started(f"waterworks.py:{flow}")
    assert process.stdout is not None
    assert await process.stdout.readline() == b"up\n"
    await works.cancel(run, "enough water")
    tell(pipe, ChildOrder(cancel=ChildCancel(message="enough water")))
    if by_signal:
        # An executor sends it to what has not ended a while after the word.
        await asyncio.sleep(0.5)
        process.send_signal(signal.SIGTERM)
    end = await works.end_of(process, run, pipe)
    assert (end.state, end.run.state.message) == ("CANCELLED", "enough water")
    assert end.exit_code == 1
    assert "Traceback" not in end.stderr


async def test_a_pipe_that_ends_first_ends_the_process(works: Waterworks) -> None:
    process, _, pipe = await works.started("waterworks.py:drips")
    assert process.stdout is not None
    await process.stdout.readline()
    os.close(pipe)
    assert await process.wait() == -9


async def test_a_job_of_a_version_that_is_not_known_ends_the_child_in_words() -> None:
    process, pipe = await a_child(ChildJob(protocol_version=PROTOCOL_VERSION + 1))
    _, stderr = await process.communicate()
    os.close(pipe)
    assert process.returncode == 64
    assert b"the executor uses version 2" in stderr
    assert b"Traceback" not in stderr


async def test_programs_under_a_run_find_the_services_where_it_does(works: Waterworks) -> None:
    end = await works.ended("waterworks.py:asks")
    assert end.stdout == f"default {works.address}\n"


async def test_a_child_that_is_refused_what_it_needs_says_that_it_could_not_begin(
    works: Waterworks,
) -> None:
    run_id = str(uuid4())
    process, _, pipe = await works.started("waterworks.py:pump", run_id=run_id)
    _, stderr = await process.communicate()
    os.close(pipe)
    assert (process.returncode, stderr.decode()) == (75, f"no flow run {run_id} in default\n")


async def test_only_an_executor_can_start_a_child() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "penstock.child", stderr=asyncio.subprocess.PIPE
    )
    _, stderr = await process.communicate()
    assert process.returncode == 64
    assert b"only an executor starts this program" in stderr


@pytest.mark.parametrize(("flow", "code"), [("drips", 1), ("goes_on", -signal.SIGKILL)])
async def test_a_child_that_is_told_that_its_lease_is_lost_stops(
    works: Waterworks, flow: str, code: int
) -> None:
    process, run, pipe = await works.started(f"waterworks.py:{flow}")
    assert process.stdout is not None
    await process.stdout.readline()
    # Its executor says nothing; the child hears of it with what it writes.
    await WorkerSessionServiceStub(works.channel).CloseWorkerSession(
        CloseWorkerSessionRequest(namespace="default", session_id=run.session_id)
    )
    end = await works.end_of(process, run, pipe)
    assert (end.state, end.exit_code) == ("CRASHED", code)
    if flow == "goes_on":
        # No task began after the word, however often one was called.
        assert set(end.stdout.split()) == {"RunStopped"}


async def test_what_ends_the_interpreter_is_told_with_its_stack(works: Waterworks) -> None:
    end = await works.ended("waterworks.py:overruns", address=0)
    assert end.exit_code == -signal.SIGSEGV
    assert end.stdout == "arguments []\n"
    assert "Fatal Python error: Segmentation fault" in end.stderr
    assert re.search(rf'File "{works.folder}/waterworks.py", line \d+ in overruns', end.stderr)


async def test_a_process_is_called_as_its_run_is(works: Waterworks) -> None:
    end = await works.ended("waterworks.py:is_called")
    assert end.stdout.strip() == end.run.name[:15]
