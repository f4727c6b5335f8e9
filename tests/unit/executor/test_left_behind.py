import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from penstockd.executor.processes.marks import is_alive, kill_left_behind, mark_of
from penstockd.executor.rules.execution import Phase, ProcessMark
from unit.executor.builders import an_execution
from unit.executor.supervising import Bench

DEAD = ProcessMark(pid=2**22 - 1, birth="another-boot/1")
LEADER = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("up", flush=True)
time.sleep(60)
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
        kill_left_behind(mark)
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


def test_what_is_left_of_a_group_is_killed() -> None:
    with a_group() as (leader, mark):
        assert kill_left_behind(mark)
        assert leader.wait(5) == -signal.SIGKILL


def test_orphans_of_a_dead_leader_are_killed() -> None:
    with a_group() as (leader, mark):
        leader.kill()
        leader.wait()
        assert kill_left_behind(mark)
        assert leader.stdout is not None
        # Its end is the last orphan's end: it held the other end of the pipe.
        assert leader.stdout.read() == ""
    assert not kill_left_behind(mark)


def test_a_process_that_only_has_the_same_id_is_spared() -> None:
    with a_group() as (leader, mark):
        boot, _, started = mark.birth.partition("/")
        assert not kill_left_behind(replace(mark, birth=f"{boot}/{int(started) - 100}"))
        assert not kill_left_behind(replace(mark, birth=f"another-boot/{started}"))
        assert leader.poll() is None


@pytest.mark.asyncio
async def test_what_a_crashed_executor_left_is_ended_and_killed(bench: Bench) -> None:
    with a_group() as (leader, mark):
        left = an_execution(keeper=DEAD, process=mark, phase=Phase.RUNNING)
        await bench.store.transact(lambda tx: tx.insert(left))
        assert [it.id for it in await bench.recorder.end_left_behind()] == [left.id]
        assert leader.wait(5) == -signal.SIGKILL
    execution = await bench.store.load(left.id)
    assert (execution.phase, execution.message) == (Phase.ENDED, "its executor crashed")


@pytest.mark.asyncio
async def test_what_may_not_be_killed_is_ended_all_the_same(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(_group: int, _number: int) -> None:
        raise PermissionError

    with a_group() as (_, mark):
        left = an_execution(keeper=DEAD, process=mark, phase=Phase.RUNNING)
        await bench.store.transact(lambda tx: tx.insert(left))
        with monkeypatch.context() as another_user:
            another_user.setattr(os, "killpg", forbidden)
            assert [it.id for it in await bench.recorder.end_left_behind()] == [left.id]


@pytest.mark.asyncio
async def test_what_a_living_executor_keeps_is_left_alone(bench: Bench) -> None:
    with a_group() as (leader, mark):
        kept = an_execution(
            keeper=bench.processes.own_mark(), process=mark, phase=Phase.RUNNING
        )
        await bench.store.transact(lambda tx: tx.insert(kept))
        assert await bench.recorder.end_left_behind() == []
        assert leader.poll() is None
    assert await bench.store.load(kept.id) == kept
