"""What holds for children that are processes: groups, pipes, signals, and an end at once."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psutil
import pytest

from hanging import HANG_LIMIT
from penstock.api.type.v1.launch_spec_pb2 import CommandProgram, LaunchSpec, PythonProgram
from penstock.errors import LeaseLost
from penstockd.executor.peers import OutcomeKind
from penstockd.executor.rules.environment import ChildEnvironment
from penstockd.executor.rules.stopping import Cause
from penstockd.executor.runtimes import Handle
from penstockd.executor.runtimes.process.marks import ProcessMark
from penstockd.executor.runtimes.process.runtime import ProcessRuntime
from unit.executor.builders import a_work
from unit.executor.programs import Program
from unit.executor.supervising import QUICK, Bench, Supervised, process_program
from unit.executor.task_runtime import TaskChild

pytestmark = pytest.mark.asyncio

# A helper in the same group, whose process id is printed.
WITH_HELPER = """
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("helper", helper.pid)
print("up")
"""


async def _no_task(_child: TaskChild) -> int:
    raise AssertionError("this program is for a process")


def a_script(text: str) -> Program:
    return Program(script=text, body=_no_task)


async def process_id(child: Supervised) -> int:
    mark = ProcessMark.of(Handle((await child.execution()).handle))
    assert mark is not None
    return mark.pid


async def test_a_process_has_an_empty_standard_input(processes: Bench) -> None:
    await processes.start(a_script('print(sys.stdin.read() == "")')).outcome()
    assert processes.logs.messages == ["True"]


async def test_a_process_inherits_no_file_but_its_pipe(processes: Bench) -> None:
    script = 'print(sorted(map(int, os.listdir("/proc/self/fd")))[:5], pipe.fileno())'
    await processes.start(a_script(script)).outcome()
    (line,) = processes.logs.messages
    # The listing itself opens one more.
    opened, pipe = line.rsplit(maxsplit=1)
    assert set(map(int, opened.strip("[]").split(","))) <= {0, 1, 2, 3, int(pipe)}


async def test_a_process_has_the_variables_of_its_launch_beside_those_that_are_passed(
    processes: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "of the executor")
    environment = ChildEnvironment(variables={"LAKE": "deep", "RIVER": "dry"})
    launch = LaunchSpec(
        python=PythonProgram(entrypoint="spring.py:spring"),
        environment={"RIVER": "full", "PENSTOCK_CHILD_FD": "4711"},
    )
    script = 'print(os.environ["LAKE"], os.environ["RIVER"], "SECRET" in os.environ)'
    runtime = ProcessRuntime(
        interpreter=sys.executable, program=process_program(script), environment=environment
    )
    await processes.start_on(runtime, a_work(launch)).outcome()
    assert processes.logs.messages == ["deep full False"]


async def test_the_log_says_at_debug_level_what_is_withheld(processes: Bench) -> None:
    runtime = ProcessRuntime(
        interpreter=sys.executable,
        program=process_program('print("up")'),
        environment=ChildEnvironment(withheld=["RIVER", "SECRET"]),
    )
    await processes.start_on(runtime).outcome()
    withheld, up = processes.logs.lines
    assert (withheld.level, withheld.logger) == (10, "penstock.executor")
    assert "RIVER, SECRET;" in withheld.message
    assert up.message == "up"


@pytest.mark.parametrize(
    ("launch", "called"),
    [
        (LaunchSpec(command=CommandProgram(argv=["true"])), "COMMAND"),
        (LaunchSpec(handler="images/resize"), "HANDLER"),
        (LaunchSpec(), "UNKNOWN"),
    ],
)
async def test_what_is_no_program_in_python_is_not_started_and_says_so(
    processes: Bench, launch: LaunchSpec, called: str
) -> None:
    outcome = await processes.start(a_script('print("up")'), a_work(launch)).outcome()
    assert outcome is not None
    assert (outcome.kind, outcome.error_type) == (OutcomeKind.ENDED, "penstock.CannotStart")
    assert f"this one is {called}: deploy it to a pool" in outcome.message
    [line] = processes.logs.messages
    assert line == outcome.message


async def test_a_thousand_lines_before_a_sigkill_all_arrive_in_order(processes: Bench) -> None:
    script = """
        for number in range(1000):
            print(number)
        os.kill(os.getpid(), signal.SIGKILL)
        """
    outcome = await processes.start(a_script(script)).outcome()
    assert outcome is not None
    assert outcome.message.startswith("killed by SIGKILL: memory ")
    assert processes.logs.messages == [str(number) for number in range(1000)]
    assert [line.offset for line in processes.logs.lines] == list(range(1, 1001))


async def test_a_kill_is_seen(processes: Bench) -> None:
    child = processes.start(a_script('print("up"); time.sleep(600)'))
    await child.wrote("up")
    os.kill(await process_id(child), signal.SIGKILL)
    async with asyncio.timeout(HANG_LIMIT):
        await child.finished.wait()
    outcome = await child.outcome()
    assert outcome is not None
    assert outcome.message.startswith("killed by SIGKILL: memory ")


@pytest.mark.parametrize("how", ["sys.exit()", "os.kill(os.getpid(), signal.SIGKILL)"])
async def test_nothing_of_the_group_is_left(processes: Bench, how: str) -> None:
    await processes.start(a_script(WITH_HELPER + how)).outcome()
    helper = next(line for line in processes.logs.messages if line.startswith("helper"))
    assert not _is_running(int(helper.split()[1]))


@pytest.mark.parametrize("how", ["", "os.kill(os.getpid(), signal.SIGKILL)"])
async def test_a_helper_that_left_the_group_ends_with_its_run(
    processes: Bench, how: str
) -> None:
    script = """
        helper = subprocess.Popen(
            ["setsid", "sh", "-c", "sleep 600 & echo $!; wait"],
            start_new_session=True,
            stdout=subprocess.PIPE,
        )
        print(helper.pid)
        print(helper.stdout.readline().decode().strip())
        """
    assert await processes.start(a_script(script + how)).outcome() is not None
    pids = list(map(int, processes.logs.messages))
    assert len(pids) == 2
    assert not any(map(_is_running, pids))


async def test_a_helper_with_an_environment_of_its_own_does_not_hold_the_end_up(
    processes: Bench,
) -> None:
    script = """
        helper = subprocess.Popen(["/bin/sleep", "600"], start_new_session=True, env={})
        print(helper.pid)
        """
    # Its output is open for longer than anybody waits for the outcome.
    assert await processes.start(a_script(script)).outcome() is not None
    [pid] = processes.logs.messages
    os.kill(int(pid), signal.SIGKILL)


async def test_enormous_lines_that_nobody_will_ever_take_do_not_stop_the_process(
    processes: Bench,
) -> None:
    processes.logs.failures += [LeaseLost("somebody else")]
    script = 'print("a" * 9_000_000); print("b" * 9_000_000)'
    outcome = await processes.start(a_script(script)).outcome()
    assert outcome is not None
    assert outcome.message == "exit code 0"


async def test_one_enormous_line_does_not_use_up_what_a_run_may_write(
    processes: Bench,
) -> None:
    processes.limits = replace(processes.limits, kept=100_000)
    await processes.start(a_script('print("x" * 5_000_000); print("after")')).outcome()
    long, after = processes.logs.messages
    assert long.endswith(" more bytes cut off]")
    assert after == "after"


async def test_what_the_first_process_of_a_container_inherits_is_buried(
    processes: Bench,
) -> None:
    first, second = a_work(flow_run_name="with-a-helper"), a_work()
    script = "if b'with-a-helper' not in job: sys.exit()" + WITH_HELPER
    runtime = processes.kind.make(a_script(script))
    with _inheriting():
        await processes.start_on(runtime, first).outcome()
        (helper,) = (it for it in processes.logs.messages if it.startswith("helper"))
        orphan = psutil.Process(int(helper.split()[1]))
        assert orphan.ppid() == os.getpid()
        _dies(orphan.pid)
        await processes.start_on(runtime, second).outcome()
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


async def test_the_command_line_of_a_process_names_its_run(processes: Bench) -> None:
    work = a_work(flow_run_name="quick otter")
    child = processes.start(a_script('print("up"); time.sleep(600)'), work)
    await child.wrote("up")
    assert psutil.Process(await process_id(child)).cmdline()[-1] == "spring/quick otter"
    child.supervision.stop(Cause.CANCEL, "enough", QUICK)
    outcome = await child.outcome()
    assert outcome is not None
    # Whoever killed it knows why.
    assert outcome.message in ("enough: killed by SIGTERM", "enough: killed by SIGKILL")
