"""What becomes of a worker's session while it is registered."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from penstock.errors import Unavailable, WorkerSessionNotFound
from penstockd.executor.peers import Registered, Report
from penstockd.executor.usecases.runtimes import NoRuntime, Runtimes
from penstockd.executor.usecases.session import Session
from unit.executor.builders import an_id
from unit.executor.peers import MemoryLeases, MemoryScheduler
from unit.executor.programs import SLEEPS
from unit.executor.task_runtime import TaskRuntime

pytestmark = pytest.mark.asyncio


class Forgetful(MemoryLeases):
    async def close_session(self, session_id: UUID) -> None:
        raise Unavailable("away")


class Meanwhile(MemoryScheduler):
    """Answers when state has ended the session already."""

    session: Session

    async def register(self, worker_id: UUID, held: Sequence[Report]) -> Registered:
        registered = await MemoryScheduler.register(self, worker_id, held)
        self.session.ended()
        return registered


def a_session(scheduler: MemoryScheduler, leases: MemoryLeases | None = None) -> Session:
    runtimes = Runtimes({"task": TaskRuntime(SLEEPS.body)})
    return Session(scheduler, leases or MemoryLeases(), runtimes, an_id)


async def test_an_answer_for_a_session_that_has_ended_opens_no_other() -> None:
    scheduler = Meanwhile(pool_type="task")
    session = scheduler.session = a_session(scheduler)
    with pytest.raises(WorkerSessionNotFound, match="has ended in the meantime"):
        await session.register(())
    assert (session.is_known, session.renew_interval) == (False, None)
    assert session.worker_id not in scheduler.registered


async def test_a_session_that_cannot_be_closed_is_left_all_the_same() -> None:
    scheduler = MemoryScheduler(pool_type="kubernetes")
    session = a_session(scheduler, Forgetful())
    with pytest.raises(NoRuntime):
        await session.register(())
    assert session.worker_id not in scheduler.registered
    assert "'kubernetes'" in session.lacks


async def test_an_open_session_lacks_nothing_while_the_scheduler_is_away() -> None:
    scheduler = MemoryScheduler(pool_type="task")
    session = a_session(scheduler)
    await session.register(())
    scheduler.refusals.append(Unavailable("away"))
    with pytest.raises(Unavailable):
        await session.register(())
    assert session.lacks == ""
    session.ended()
    scheduler.refusals.append(Unavailable("away"))
    with pytest.raises(Unavailable):
        await session.register(())
    assert session.lacks == "not registered with the scheduler: away"
