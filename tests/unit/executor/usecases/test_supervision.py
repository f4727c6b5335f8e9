"""What holds for a child of any runtime: the suite runs over processes, and over tasks."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from penstock.api.type.v1.launch_spec_pb2 import LaunchSpec, PythonProgram
from penstock.errors import LeaseLost, PenstockError, Unavailable
from penstockd.executor.peers import LeasePhase, Outcome, OutcomeKind
from penstockd.executor.rules.execution import ExecutionPhase
from penstockd.executor.rules.stopping import Cause
from penstockd.executor.runtimes import Handle
from penstockd.executor.usecases.output import OutputLimits
from unit.executor.builders import a_work
from unit.executor.programs import (
    DEAF,
    OBEYS,
    SLEEPS,
    WRITES_TO_BOTH,
    says,
    says_whether_it_got,
    writes,
)
from unit.executor.supervising import LOST, QUICK, Bench

pytestmark = pytest.mark.asyncio


async def test_the_exit_of_a_child_is_told_with_all_that_it_wrote(bench: Bench) -> None:
    child = bench.start(WRITES_TO_BOTH)
    outcome = await child.outcome()
    assert outcome == Outcome(
        lease=child.supervision.work.lease,
        kind=OutcomeKind.ENDED,
        message="exit code 3",
        error_type="penstock.ProcessDied",
    )
    written = {(line.logger, line.level, line.message) for line in bench.logs.lines}
    assert written == {("stdout", 20, "to stdout"), ("stderr", 30, "to stderr")}
    assert bench.logs.ended == [child.supervision.work.lease]
    execution = await child.execution()
    assert (execution.phase, execution.exit_code) == (ExecutionPhase.ENDED, 3)
    assert execution.captured_size == len("to stdout\nto stderr\n")


async def test_a_child_gets_its_work(bench: Bench) -> None:
    work = a_work()
    await bench.start(says_whether_it_got(work), work).outcome()
    assert bench.logs.messages == ["True"]


async def test_a_child_is_found_by_what_was_kept_of_it_until_it_has_ended(
    bench: Bench,
) -> None:
    runtime = bench.kind.make(SLEEPS)
    child = bench.start_on(runtime)
    await child.wrote("up")
    execution = await child.execution()
    assert (execution.phase, execution.runtime) == (ExecutionPhase.RUNNING, runtime.name)
    assert await runtime.find(Handle(execution.handle)) is not None
    child.supervision.stop(Cause.LOST, "lost", LOST)
    await child.outcome()
    assert await runtime.find(Handle(execution.handle)) is None


async def test_a_runtime_finds_nothing_by_the_handle_of_another(bench: Bench) -> None:
    runtime = bench.kind.make(SLEEPS)
    assert await runtime.find(Handle("pods/quick-otter")) is None


async def test_a_child_of_which_nothing_can_be_kept_runs_nothing_of_the_users(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def disk_full(*_: object) -> None:
        raise PenstockError("the disk is full")

    monkeypatch.setattr(bench.recorder, "running", disk_full)
    with pytest.raises(ExceptionGroup) as failed:
        await bench.start(says("up")).outcome()
    assert failed.group_contains(PenstockError, match="the disk is full")
    assert bench.logs.messages == []


async def test_a_cancel_first_gives_a_token_and_a_child_may_obey(bench: Bench) -> None:
    child = bench.start(OBEYS)
    await child.wrote("up")
    child.supervision.stop(Cause.CANCEL, "enough", QUICK)
    assert child.supervision.phase is LeasePhase.CANCELLING
    assert bench.news.is_set()
    outcome = await child.outcome()
    assert outcome is not None
    assert (outcome.kind, outcome.message) == (OutcomeKind.CANCELLED, "enough: exit code 0")
    assert bench.logs.messages[-1] == "enough"


async def test_a_child_that_ignores_the_token_is_asked_to_terminate(bench: Bench) -> None:
    child = bench.start(SLEEPS)
    await child.wrote("up")
    child.supervision.stop(Cause.CANCEL, "enough", QUICK)
    outcome = await child.outcome()
    assert outcome is not None
    assert outcome.message == f"enough: {bench.kind.terminated}"
    assert (await child.execution()).exit_code is None


async def test_a_child_that_ignores_that_too_is_killed(bench: Bench) -> None:
    child = bench.start(DEAF)
    await child.wrote("up")
    loop = asyncio.get_running_loop()
    ordered = loop.time()
    child.supervision.stop(Cause.CANCEL, "enough", QUICK)
    outcome = await child.outcome()
    assert outcome is not None
    assert outcome.message == f"enough: {bench.kind.killed}"
    assert "no" in bench.logs.messages
    assert QUICK.kill_after.total_seconds() <= loop.time() - ordered


async def test_of_a_lost_lease_nothing_is_told(bench: Bench) -> None:
    child = bench.start(DEAF)
    await child.wrote("up")
    child.supervision.stop(Cause.CANCEL, "enough", QUICK)
    child.supervision.stop(Cause.LOST, "lost", LOST)
    assert await child.outcome() is None


async def test_lines_wait_while_nobody_takes_them(bench: Bench) -> None:
    bench.limits = OutputLimits(held=10_000, gather=timedelta(0))
    bench.logs.open.clear()
    child = bench.start(writes(20_000))
    await asyncio.sleep(0.4)
    assert not child.finished.is_set()
    assert (await child.execution()).phase is ExecutionPhase.RUNNING
    bench.logs.open.set()
    await child.outcome()
    assert bench.logs.messages == [f"{n:05}" for n in range(20_000)]


async def test_lines_are_sent_again_until_they_are_kept(bench: Bench) -> None:
    bench.logs.failures += [Unavailable("not now"), Unavailable("nor now")]
    await bench.start(says("patience")).outcome()
    assert bench.logs.messages == ["patience"]


async def test_lines_that_nobody_will_ever_take_do_not_stop_the_child(bench: Bench) -> None:
    bench.limits = replace(bench.limits, held=10_000)
    bench.logs.failures += [LeaseLost("somebody else")]
    outcome = await bench.start(writes(40_000)).outcome()
    assert outcome is not None
    assert outcome.message == "exit code 0"


async def test_lines_that_state_fails_over_again_and_again_do_not_keep_the_slot(
    bench: Bench,
) -> None:
    bench.logs.failures += [PenstockError("a bug in the server")] * 20
    outcome = await bench.start(says("poison")).outcome()
    assert outcome is not None
    assert outcome.message == "exit code 0"
    assert bench.logs.failures
    assert bench.logs.lines == []


async def test_more_than_a_run_may_write_is_counted_and_not_kept(bench: Bench) -> None:
    bench.limits = replace(bench.limits, kept=1_000)
    await bench.start(writes(1_000)).outcome()
    *kept, note = bench.logs.messages
    assert 0 < len(kept) < 100
    assert note.startswith(f"truncated {6 * (1_000 - len(kept))} bytes")


async def test_a_program_that_is_missing_is_told(bench: Bench) -> None:
    program = PythonProgram(interpreter="/no/such/python", entrypoint="a.py:b")
    child = bench.start(SLEEPS, a_work(LaunchSpec(python=program)))
    outcome = await child.outcome()
    assert outcome is not None
    assert (outcome.kind, outcome.error_type) == (OutcomeKind.ENDED, "penstock.CannotStart")
    assert "cannot start /no/such/python" in outcome.message
    execution = await child.execution()
    assert (execution.phase, execution.handle) == (ExecutionPhase.ENDED, "")


async def test_work_that_has_not_begun_is_given_back_by_a_drain(bench: Bench) -> None:
    child = bench.start(SLEEPS)
    child.supervision.stop(Cause.DRAIN, "the executor shuts down", LOST)
    outcome = await child.outcome()
    assert outcome is not None
    assert outcome.kind is OutcomeKind.GIVEN_BACK
    assert bench.logs.messages == []
    assert bench.logs.ended == [child.supervision.work.lease]


async def test_only_who_exited_of_itself_says_that_its_run_is_to_blame(bench: Bench) -> None:
    child = bench.start(SLEEPS)
    await child.wrote("up")
    child.supervision.stop(Cause.OPERATOR, "enough", QUICK)
    stopped = await child.outcome()
    exited = await bench.start(WRITES_TO_BOTH).outcome()
    unwatched = child.supervision.failed("the executor failed")
    assert stopped is not None and exited is not None
    told = [it.interrupted for it in (stopped, exited, unwatched)]
    assert told == [False, False, True]


async def test_work_that_has_begun_is_ended_by_a_drain(bench: Bench) -> None:
    child = bench.start(SLEEPS)
    await child.wrote("up")
    child.supervision.stop(Cause.DRAIN, "the executor shuts down", LOST)
    outcome = await child.outcome()
    assert outcome is not None
    assert (outcome.kind, outcome.interrupted) == (OutcomeKind.ENDED, True)
    assert outcome.message == f"the executor shuts down: {bench.kind.terminated}"
