import asyncio
import ctypes
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import psutil
import pytest

from penstock.errors import LeaseLost, PenstockError, Unavailable
from penstockd.executor.peers import Outcome, Progress, Result
from penstockd.executor.rules.execution import Phase
from penstockd.executor.rules.stopping import Cause
from penstockd.executor.rules.work import Launch
from penstockd.executor.usecases.output import OutputLimits
from unit.executor.builders import a_work
from unit.executor.supervising import LOST, QUICK, Bench

pytestmark = pytest.mark.asyncio

CRASH_LIMIT = 2.0
SLEEP = 'print("up"); time.sleep(60)'
DEAF = """
signal.signal(signal.SIGTERM, lambda *_: print("no"))
print("up")
while True:
    time.sleep(60)
"""
# A helper in the same group, whose process id is printed.
WITH_HELPER = """
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("helper", helper.pid)
print("up")
"""


async def test_the_exit_of_a_process_is_told_with_all_that_it_wrote(bench: Bench) -> None:
    process = bench.start(
        'print("to stdout"); print("to stderr", file=sys.stderr); sys.exit(3)'
    )
    outcome = await process.outcome()
    assert outcome == Outcome(
        lease=process.supervision.work.lease, result=Result.ENDED, message="exit code 3"
    )
    written = {(line.logger, line.level, line.message) for line in bench.logs.lines}
    assert written == {("stdout", 20, "to stdout"), ("stderr", 30, "to stderr")}
    execution = await bench.store.load(process.supervision.work.lease.lease_id)
    assert (execution.phase, execution.exit_code) == (Phase.ENDED, 3)
    assert execution.captured_size == len("to stdout\nto stderr\n")


async def test_a_process_gets_its_work_and_an_empty_standard_input(bench: Bench) -> None:
    work = a_work()
    process = bench.start('print(work["flow_run_id"], sys.stdin.read() == "")', work)
    await process.outcome()
    assert bench.logs.messages == [f"{work.flow_run_id} True"]


async def test_a_process_inherits_no_file_but_its_pipe(bench: Bench) -> None:
    process = bench.start(
        'print(sorted(map(int, os.listdir("/proc/self/fd")))[:5], pipe.fileno())'
    )
    await process.outcome()
    (line,) = bench.logs.messages
    # The listing itself opens one more.
    opened, pipe = line.rsplit(maxsplit=1)
    assert set(map(int, opened.strip("[]").split(","))) <= {0, 1, 2, 3, int(pipe)}


async def test_a_thousand_lines_before_a_sigkill_all_arrive_in_order(bench: Bench) -> None:
    process = bench.start(
        """
        for number in range(1000):
            print(number)
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    outcome = await process.outcome()
    assert outcome is not None
    assert outcome.message == "killed by SIGKILL"
    assert bench.logs.messages == [str(number) for number in range(1000)]
    assert [line.offset for line in bench.logs.lines] == list(range(1, 1001))


async def test_a_kill_is_seen_at_once(bench: Bench) -> None:
    loop = asyncio.get_running_loop()
    delays = []
    for number in range(3):
        process = bench.start(f'print("up {number}"); time.sleep(60)')
        await process.wrote(f"up {number}")
        execution = await bench.store.load(process.supervision.work.lease.lease_id)
        assert execution.process is not None
        killed = loop.time()
        os.kill(execution.process.pid, signal.SIGKILL)
        await process.finished.wait()
        delays.append(loop.time() - killed)
        await process.outcome()
    assert min(delays) < 0.3
    assert max(delays) < CRASH_LIMIT


async def test_a_cancel_first_gives_a_token_and_a_process_may_obey(bench: Bench) -> None:
    process = bench.start(
        'print("up"); print(json.loads(pipe.readline())["cancel"]["message"])'
    )
    await process.wrote("up")
    process.supervision.stop(Cause.CANCEL, "enough", QUICK)
    assert process.supervision.progress is Progress.CANCELLING
    assert bench.news.is_set()
    outcome = await process.outcome()
    assert outcome is not None
    assert (outcome.result, outcome.message) == (Result.CANCELLED, "enough: exit code 0")
    assert bench.logs.messages[-1] == "enough"


async def test_a_process_that_ignores_the_token_gets_a_sigterm(bench: Bench) -> None:
    process = bench.start(SLEEP)
    await process.wrote("up")
    process.supervision.stop(Cause.CANCEL, "enough", QUICK)
    outcome = await process.outcome()
    assert outcome is not None
    assert outcome.message == "enough: killed by SIGTERM"


async def test_a_process_that_ignores_sigterm_is_killed(bench: Bench) -> None:
    process = bench.start(DEAF)
    await process.wrote("up")
    loop = asyncio.get_running_loop()
    ordered = loop.time()
    process.supervision.stop(Cause.CANCEL, "enough", QUICK)
    outcome = await process.outcome()
    assert outcome is not None
    assert outcome.message == "enough: killed by SIGKILL"
    assert "no" in bench.logs.messages
    assert QUICK.kill_after.total_seconds() <= loop.time() - ordered < 2


async def test_of_a_lost_lease_nothing_is_told(bench: Bench) -> None:
    process = bench.start(DEAF)
    await process.wrote("up")
    process.supervision.stop(Cause.CANCEL, "enough", QUICK)
    process.supervision.stop(Cause.LOST, "lost", LOST)
    assert await process.outcome() is None


@pytest.mark.parametrize("how", ["sys.exit()", "os.kill(os.getpid(), signal.SIGKILL)"])
async def test_nothing_of_the_group_is_left(bench: Bench, how: str) -> None:
    process = bench.start(WITH_HELPER + how)
    await process.outcome()
    helper = next(line for line in bench.logs.messages if line.startswith("helper"))
    assert not _is_running(int(helper.split()[1]))


async def test_a_helper_that_left_the_group_does_not_hold_the_end_up(bench: Bench) -> None:
    process = bench.start(
        """
        helper = subprocess.Popen(["sleep", "60"], start_new_session=True)
        print(helper.pid)
        """
    )
    # Its output is open for longer than anybody waits for the outcome.
    assert await process.outcome() is not None
    [pid] = bench.logs.messages
    os.kill(int(pid), signal.SIGKILL)


async def test_lines_wait_while_nobody_takes_them(bench: Bench) -> None:
    bench.limits = OutputLimits(held=10_000, gather=timedelta(0))
    bench.logs.open.clear()
    process = bench.start('for n in range(20_000): print(f"{n:05}")')
    await asyncio.sleep(0.4)
    assert not process.finished.is_set()
    execution = await bench.store.load(process.supervision.work.lease.lease_id)
    assert execution.phase is Phase.RUNNING
    bench.logs.open.set()
    await process.outcome()
    assert bench.logs.messages == [f"{n:05}" for n in range(20_000)]


async def test_lines_are_sent_again_until_they_are_kept(bench: Bench) -> None:
    bench.logs.failures += [Unavailable("not now"), Unavailable("nor now")]
    await bench.start('print("patience")').outcome()
    assert bench.logs.messages == ["patience"]


async def test_lines_that_nobody_will_ever_take_do_not_stop_the_process(bench: Bench) -> None:
    bench.logs.failures += [LeaseLost("somebody else")]
    outcome = await bench.start('print("a" * 9_000_000); print("b" * 9_000_000)').outcome()
    assert outcome is not None
    assert outcome.message == "exit code 0"


async def test_lines_that_state_fails_over_again_and_again_do_not_keep_the_slot(
    bench: Bench,
) -> None:
    bench.logs.failures += [PenstockError("a bug in the server")] * 20
    outcome = await bench.start('print("poison")').outcome()
    assert outcome is not None
    assert outcome.message == "exit code 0"
    assert bench.logs.failures
    assert bench.logs.lines == []


async def test_more_than_a_run_may_write_is_counted_and_not_kept(bench: Bench) -> None:
    bench.limits = replace(bench.limits, kept=1_000)
    await bench.start('for n in range(1_000): print("0123456789")').outcome()
    *kept, note = bench.logs.messages
    assert 0 < len(kept) < 100
    assert note.startswith(f"truncated {11 * (1_000 - len(kept))} bytes")


async def test_one_enormous_line_does_not_use_up_what_a_run_may_write(bench: Bench) -> None:
    bench.limits = replace(bench.limits, kept=100_000)
    await bench.start('print("x" * 5_000_000); print("after")').outcome()
    long, after = bench.logs.messages
    assert long.endswith(" more bytes cut off]")
    assert after == "after"


async def test_an_interpreter_that_is_missing_is_told(bench: Bench) -> None:
    launch = Launch(
        interpreter="/no/such/python", working_dir="", sys_path=(), entrypoint="a.py:b"
    )
    outcome = await bench.start(SLEEP, a_work(launch=launch)).outcome()
    assert outcome is not None
    assert outcome.result is Result.ENDED
    assert "cannot start /no/such/python" in outcome.message


async def test_work_that_has_not_begun_is_given_back_by_a_drain(bench: Bench) -> None:
    process = bench.start(SLEEP)
    process.supervision.stop(Cause.DRAIN, "the executor shuts down", LOST)
    outcome = await process.outcome()
    assert outcome is not None
    assert outcome.result is Result.GIVEN_BACK
    assert bench.logs.messages == []


async def test_work_that_has_begun_is_ended_by_a_drain(bench: Bench) -> None:
    process = bench.start(SLEEP)
    await process.wrote("up")
    process.supervision.stop(Cause.DRAIN, "the executor shuts down", LOST)
    outcome = await process.outcome()
    assert outcome is not None
    assert outcome.result is Result.ENDED
    assert outcome.message == "the executor shuts down: killed by SIGTERM"


async def test_what_the_first_process_of_a_container_inherits_is_buried(bench: Bench) -> None:
    with _inheriting():
        process = bench.start(WITH_HELPER)
        await process.outcome()
        (helper,) = (line for line in bench.logs.messages if line.startswith("helper"))
        orphan = psutil.Process(int(helper.split()[1]))
        assert orphan.ppid() == os.getpid()
        _dies(orphan.pid)
        await bench.start("").outcome()
        assert not psutil.pid_exists(orphan.pid)


@contextmanager
def _inheriting() -> Iterator[None]:
    """Have orphans become children of this process, as of a container's first one."""
    prctl, set_child_subreaper = ctypes.CDLL(None).prctl, 36
    prctl(set_child_subreaper, 1)
    try:
        yield
    finally:
        prctl(set_child_subreaper, 0)


def _dies(pid: int) -> None:
    """Wait for the end of a killed process, and leave its burial to others."""
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def _is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
