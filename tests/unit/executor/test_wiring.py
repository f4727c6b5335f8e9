"""The whole executor over peers in memory, with real processes under it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import psutil
import pytest

from hanging import HANG_LIMIT
from penstock.errors import (
    Unavailable,
    WorkerSessionClosed,
    WorkerSessionNotFound,
    WorkPoolNotFound,
)
from penstockd.chassis.clock import system_clock
from penstockd.chassis.config import ConfigError
from penstockd.chassis.loops import LoopRunner
from penstockd.chassis.mounted import Mounted
from penstockd.database import Database
from penstockd.executor.peers import LeasePhase, OutcomeKind, Ruling
from penstockd.executor.rules.work import Work
from penstockd.executor.runtimes import Runtime
from penstockd.executor.store.execution import SqlExecutionStore
from penstockd.executor.wiring import Config, Peers, put_together, runtimes_of
from unit.executor.builders import a_work
from unit.executor.peers import MemoryLeases, MemoryLogs, MemoryScheduler
from unit.executor.programs import OBEYS
from unit.executor.supervising import process_program
from unit.executor.task_runtime import TaskRuntime

pytestmark = pytest.mark.asyncio

SLEEP = 'print("up"); time.sleep(600)'
DEAF = 'signal.signal(signal.SIGTERM, signal.SIG_IGN); print("up"); time.sleep(600)'


class Executor:
    def __init__(self, database: Database) -> None:
        self.scheduler = MemoryScheduler()
        self.leases = MemoryLeases()
        self.logs = MemoryLogs()
        self._database = database

    @asynccontextmanager
    async def running(
        self,
        script: str = "",
        *,
        runtimes: Mapping[str, Runtime] | None = None,
        **settings: Any,
    ) -> AsyncIterator[Mounted]:
        config = Config(
            program=process_program(script),
            interpreter=sys.executable,
            cancel_token=timedelta(milliseconds=100),
            cancel_grace=timedelta(milliseconds=100),
            drain_grace=timedelta(milliseconds=50),
            pass_environment=("*",),
            **settings,
        )
        peers = Peers(scheduler=self.scheduler, leases=self.leases, logs=self.logs)
        mounted = put_together(
            config,
            self._database,
            peers,
            runtimes=runtimes or runtimes_of(config),
            clock=system_clock(),
        )
        loops = LoopRunner(system_clock())
        loops.start(mounted.loops)
        try:
            async with asyncio.timeout(HANG_LIMIT):
                yield mounted
        finally:
            await mounted.drain()
            await loops.stop()

    def hand_out(self, **changes: Any) -> Work:
        work = a_work(**changes)
        self.scheduler.works.put_nowait(work)
        return work

    def phases(self, work: Work) -> list[LeasePhase]:
        """Return what was reported of a lease, each once."""
        told = [
            report.phase
            for reports in self.leases.reports
            for report in reports
            if report.lease == work.lease
        ]
        return list(dict.fromkeys(told))


@pytest.fixture
def executor(database: Database) -> Executor:
    return Executor(database)


async def until(happens: Callable[[], object]) -> None:
    while not happens():  # noqa: ASYNC110 - what happens in memory peers sets no event
        await asyncio.sleep(0.01)


async def test_work_is_acknowledged_run_and_told(executor: Executor) -> None:
    async with executor.running('print("up"); time.sleep(0.1)'):
        work = executor.hand_out()
        await until(lambda: executor.leases.outcomes)
    assert executor.phases(work) == [LeasePhase.ACKNOWLEDGED, LeasePhase.RUNNING]
    (outcome,) = executor.leases.outcomes
    assert (outcome.lease, outcome.message) == (work.lease, "exit code 0")
    assert executor.logs.ended == [work.lease]


async def test_no_more_is_asked_for_than_there_is_room(executor: Executor) -> None:
    async with executor.running(SLEEP, slots=2):
        first, _ = executor.hand_out(), executor.hand_out()
        await until(lambda: len(executor.leases.last_reports) == 2)
        executor.hand_out()
        await until(lambda: len(executor.leases.reports) > 4)
        assert [poll.slots for poll in executor.scheduler.polls] == [2, 1]
        executor.leases.rule(first.lease.lease_id, Ruling.CANCEL)
        await until(lambda: len(executor.scheduler.polls) == 3)


async def test_a_cancel_reaches_the_process_and_is_acknowledged(executor: Executor) -> None:
    async with executor.running('print("up"); print("token", message()); time.sleep(9)'):
        work = executor.hand_out()
        await executor.logs.holds("up")
        executor.leases.rule(work.lease.lease_id, Ruling.CANCEL)
        await until(lambda: executor.leases.outcomes)
    assert executor.phases(work)[-1] is LeasePhase.CANCELLING
    assert executor.leases.outcomes[0].kind is OutcomeKind.CANCELLED
    assert executor.logs.messages[1].startswith("token")


async def test_a_lost_lease_is_never_heard_of_again(executor: Executor) -> None:
    async with executor.running(DEAF):
        work = executor.hand_out()
        await executor.logs.holds("up")
        executor.leases.rule(work.lease.lease_id, Ruling.LOST)
        await until(
            lambda: len(executor.scheduler.polls) > 1 and not executor.leases.last_reports
        )
    assert executor.leases.outcomes == []


async def test_lost_processes_are_gone_though_they_are_deaf(executor: Executor) -> None:
    async with executor.running(f"print(os.getpid()); {DEAF}", slots=4):
        works = [executor.hand_out() for _ in range(4)]
        await until(lambda: executor.logs.messages.count("up") == 4)
        for work in works:
            executor.leases.rule(work.lease.lease_id, Ruling.LOST)
        processes = [int(line) for line in executor.logs.messages if line.isdigit()]
        assert len(processes) == len(works)
        async with asyncio.timeout(HANG_LIMIT):
            await until(lambda: not any(map(psutil.pid_exists, processes)))
    assert executor.leases.outcomes == []


async def test_the_end_is_told_until_state_answers(executor: Executor) -> None:
    async with executor.running('print("up")'):
        executor.hand_out()
        await executor.logs.holds("up")
        executor.leases.failures += [Unavailable("not now")] * 4
        await until(lambda: executor.leases.outcomes)


async def test_an_end_that_state_fails_over_does_not_hold_the_others_up(
    executor: Executor,
) -> None:
    async with executor.running("", slots=2):
        poisonous = executor.hand_out()
        executor.leases.poison.add(poisonous.lease.lease_id)
        await until(lambda: len(executor.scheduler.polls) == 2)
        other = executor.hand_out()
        await until(lambda: executor.leases.outcomes)
        executor.leases.poison.clear()
    assert executor.leases.outcomes[0].lease == other.lease


async def test_an_ended_session_stops_everything_and_begins_anew(executor: Executor) -> None:
    async with executor.running(DEAF):
        executor.hand_out()
        await executor.logs.holds("up")
        executor.leases.failures.append(WorkerSessionNotFound("held dead"))
        executor.leases.changed.set()
        await until(lambda: len(executor.scheduler.registered) == 2)
        first, second = executor.scheduler.registered
        assert first != second
        await until(lambda: executor.scheduler.polls[-1].worker_id == second)
    assert executor.leases.outcomes == []


async def test_a_worker_that_the_scheduler_forgot_registers_again(executor: Executor) -> None:
    executor.scheduler.refusals.append(Unavailable("starting"))
    async with executor.running(SLEEP) as mounted:
        await until(lambda: executor.scheduler.polls)
        executor.scheduler.refusals.append(WorkerSessionNotFound("who?"))
        executor.hand_out()
        await until(lambda: len(executor.scheduler.registered) == 2)
        assert len(set(executor.scheduler.registered)) == 1
        assert await mounted.readiness() == ""


async def test_what_is_held_is_told_again_after_the_scheduler_was_away(
    executor: Executor,
) -> None:
    async with executor.running(DEAF, slots=3):
        lost, cancelled = executor.hand_out(), executor.hand_out()
        await until(lambda: executor.logs.messages == ["up", "up"])
        executor.scheduler.rulings[lost.lease.lease_id] = Ruling.LOST
        executor.scheduler.rulings[cancelled.lease.lease_id] = Ruling.CANCEL
        await until(lambda: len(executor.scheduler.polls) == 3)
        executor.scheduler.refusals.append(Unavailable("gone while asking"))
        executor.scheduler.works.put_nowait(lost)
        await until(lambda: executor.leases.outcomes)
    first, again = executor.scheduler.registered[:2]
    assert first == again
    assert executor.scheduler.held[0] == []
    assert {it.lease for it in executor.scheduler.held[1]} == {lost.lease, cancelled.lease}
    (outcome,) = executor.leases.outcomes
    assert (outcome.lease, outcome.kind) == (cancelled.lease, OutcomeKind.CANCELLED)


async def test_a_worker_whose_session_was_closed_is_another_one_without_leases(
    executor: Executor,
) -> None:
    async with executor.running(DEAF):
        executor.hand_out()
        await executor.logs.holds("up")
        refusals = [WorkerSessionNotFound("who?"), WorkerSessionClosed("closed")]
        executor.scheduler.refusals += refusals
        # The first of these answers a question that was asked before.
        _, kept = executor.hand_out(), executor.hand_out()
        await until(lambda: len(executor.scheduler.registered) == 2)
        await until(lambda: executor.phases(kept))
    first, second = executor.scheduler.registered
    assert first != second
    assert executor.scheduler.held == [[], []]
    assert [outcome.lease for outcome in executor.leases.outcomes] == [kept.lease]


async def test_leases_are_renewed_while_a_forgetful_scheduler_is_away(
    executor: Executor,
) -> None:
    async with executor.running(SLEEP):
        executor.hand_out()
        await executor.logs.holds("up")
        executor.scheduler.refusals.append(WorkerSessionNotFound("who?"))
        executor.scheduler.refusals += [Unavailable("away")] * 1_000
        executor.hand_out()
        await until(lambda: len(executor.scheduler.refusals) < 1_000)
        so_far = len(executor.leases.reports)
        executor.leases.changed.set()
        await until(lambda: len(executor.leases.reports) > so_far + 1)


async def test_a_pool_that_does_not_exist_is_what_the_executor_lacks(
    executor: Executor,
) -> None:
    executor.scheduler.refusals += [WorkPoolNotFound("no pool named local")] * 1_000
    async with executor.running(SLEEP) as mounted:
        await until(lambda: len(executor.scheduler.refusals) < 1_000)
        assert "no pool named local" in await mounted.readiness()


async def test_an_executor_without_a_runtime_for_its_pool_says_so_and_does_not_serve(
    executor: Executor,
) -> None:
    executor.scheduler.pool_type = "kubernetes"
    async with executor.running(SLEEP) as mounted:
        executor.hand_out()
        await until(lambda: executor.leases.closed)
        lacks = await mounted.readiness()
        assert "pool has the type 'kubernetes'" in lacks
        assert "starts only runs of the type process" in lacks
    assert executor.leases.closed == executor.scheduler.registered
    assert executor.scheduler.polls == []


async def test_the_type_of_the_pool_chooses_the_runtime(
    executor: Executor, database: Database
) -> None:
    executor.scheduler.pool_type = "task"
    runtimes = {**runtimes_of(Config()), "task": TaskRuntime(OBEYS.body)}
    async with executor.running(runtimes=runtimes):
        work = executor.hand_out()
        await executor.logs.holds("up")
        store = SqlExecutionStore(database, system_clock(), progress=timedelta(0))
        assert [it.runtime for it in await store.active()] == ["task"]
        executor.leases.rule(work.lease.lease_id, Ruling.CANCEL)
        await until(lambda: executor.leases.outcomes)
    (outcome,) = executor.leases.outcomes
    assert (outcome.kind, outcome.message) == (
        OutcomeKind.CANCELLED,
        "the run was cancelled: exit code 0",
    )


async def test_a_question_without_an_answer_is_asked_again_as_it_was(
    executor: Executor,
) -> None:
    async with executor.running(SLEEP):
        await until(lambda: executor.scheduler.polls)
        executor.scheduler.refusals.append(Unavailable("gone while asking"))
        executor.hand_out()
        executor.hand_out()
        await until(lambda: len(executor.scheduler.polls) > 2)
    _, asked, again = executor.scheduler.polls[:3]
    assert asked == again


async def test_a_drain_stops_what_runs_and_ends_the_session(executor: Executor) -> None:
    async with executor.running(SLEEP):
        executor.hand_out()
        await executor.logs.holds("up")
    (outcome,) = executor.leases.outcomes
    assert outcome.message == "the executor shuts down: killed by SIGTERM"
    assert executor.leases.closed == executor.scheduler.registered


@pytest.mark.parametrize("slots", [0, 10_001])
async def test_an_executor_has_as_many_slots_as_one_renewal_holds(slots: int) -> None:
    with pytest.raises(ConfigError, match="1 to 10000 slots"):
        Config(slots=slots)
