import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from penstockd.executor.rules.execution import ExecutionPhase
from penstockd.executor.rules.stopping import StopStage
from penstockd.executor.runtimes import Child, Handle
from penstockd.executor.runtimes.process.marks import ProcessMark, is_alive, is_left, mark_of
from penstockd.executor.runtimes.process.runtime import ProcessRuntime
from penstockd.executor.usecases import crash_recovery
from penstockd.executor.usecases.crash_recovery import CrashRecovery
from penstockd.executor.usecases.runtimes import Runtimes
from unit.executor.builders import NOON, an_execution
from unit.executor.supervising import Bench

DEAD = ProcessMark(pid=2**22 - 1, birth="another-boot/1")
RUNTIME = ProcessRuntime(interpreter=sys.executable)
LEADER = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("up", flush=True)
time.sleep(600)
"""


@contextmanager
def a_group() -> Iterator[tuple[subprocess.Popen[str], ProcessMark]]:
    """Yield the leader of a group of two, as an executor's child is."""
    leader = subprocess.Popen(
        [sys.executable, "-c", LEADER],
        start_new_session=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert leader.stdout is not None
    assert leader.stdout.readline() == "up\n"
    mark = mark_of(leader.pid)
    assert mark is not None
    try:
        yield leader, mark
    finally:
        leader.stdout.close()
        if is_left(mark):
            os.killpg(leader.pid, signal.SIGKILL)
        leader.wait()


def test_a_process_is_alive_until_it_is_reaped_or_another() -> None:
    own = mark_of(os.getpid())
    assert own is not None
    assert is_alive(own)
    assert not is_alive(replace(own, birth="another-boot/1"))
    assert not is_alive(DEAD)


def test_a_process_that_nobody_has_reaped_is_dead() -> None:
    with a_group() as (leader, mark):
        leader.kill()
        os.waitid(os.P_PID, leader.pid, os.WEXITED | os.WNOWAIT)
        assert mark_of(leader.pid) == mark
        assert not is_alive(mark)


@pytest.mark.parametrize("handle", ["", "pods/otter", "0@boot/1", "-7@boot/1", "7@boot", "7"])
def test_what_is_no_handle_of_a_process_names_none(handle: str) -> None:
    assert ProcessMark.of(Handle(handle)) is None


def test_a_handle_names_its_process() -> None:
    own = mark_of(os.getpid())
    assert own is not None
    assert ProcessMark.of(own.handle) == own


async def found(mark: ProcessMark) -> Child:
    child = await RUNTIME.find(mark.handle)
    assert child is not None
    return child


@pytest.mark.asyncio
async def test_what_is_left_of_a_group_is_killed() -> None:
    with a_group() as (leader, mark):
        await (await found(mark)).stop(StopStage.KILL)
        assert leader.wait(5) == -signal.SIGKILL


@pytest.mark.asyncio
async def test_orphans_of_a_dead_leader_are_killed() -> None:
    with a_group() as (leader, mark):
        leader.kill()
        leader.wait()
        orphans = await found(mark)
        await orphans.stop(StopStage.KILL)
        assert leader.stdout is not None
        # Its end is the last orphan's end: it held the other end of the pipe.
        assert leader.stdout.read() == ""
        await orphans.wait()
    assert await RUNTIME.find(mark.handle) is None


@pytest.mark.asyncio
async def test_a_process_that_only_has_the_same_id_is_spared() -> None:
    with a_group() as (leader, mark):
        boot, _, started = mark.birth.partition("/")
        earlier = replace(mark, birth=f"{boot}/{int(started) - 100}")
        assert await RUNTIME.find(earlier.handle) is None
        another_boot = replace(mark, birth=f"another-boot/{started}")
        assert await RUNTIME.find(another_boot.handle) is None
        assert leader.poll() is None


@pytest.mark.asyncio
async def test_what_is_found_and_gone_by_now_minds_no_call() -> None:
    with a_group() as (leader, mark):
        left = await found(mark)
        leader.kill()
        await left.stop(StopStage.KILL)
        await left.wait()
        leader.wait()
    await left.stop(StopStage.TERMINATE)
    await left.close()


@pytest.mark.asyncio
async def test_what_may_not_be_killed_is_ended_all_the_same(
    processes: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(_group: int, _number: int) -> None:
        raise PermissionError

    by_type = {RUNTIME.name: RUNTIME}
    monkeypatch.setattr(crash_recovery, "END_LIMIT", timedelta(milliseconds=50))
    with a_group() as (_, mark):
        left = an_execution(handle=mark.handle, phase=ExecutionPhase.RUNNING)
        await processes.store.transact(lambda tx: tx.insert(left))
        with monkeypatch.context() as another_user:
            another_user.setattr(os, "killpg", forbidden)
            await CrashRecovery(processes.recorder, Runtimes(by_type)).end_all(NOON)
    assert (await processes.store.load(left.namespace, left.id)).phase is ExecutionPhase.ENDED
