"""What an executor finds in its store that crashed before it, on any runtime."""

import pytest

from penstockd.executor.rules.execution import Execution, ExecutionPhase
from penstockd.executor.rules.stopping import StopStage
from penstockd.executor.runtimes import Child, Handle, Job, Runtime
from penstockd.executor.usecases.crash_recovery import CrashRecovery
from penstockd.executor.usecases.runtimes import Runtimes
from unit.executor.builders import NOON, a_work, an_execution
from unit.executor.programs import DEAF
from unit.executor.supervising import Bench

pytestmark = pytest.mark.asyncio


async def a_child(runtime: Runtime) -> tuple[Child, Handle]:
    """Start one that no supervision follows, as if its executor had crashed."""
    kept: list[Handle] = []

    async def keep(handle: Handle) -> None:
        kept.append(handle)

    work = a_work()
    child = await runtime.start(work.launch, Job(work=work), keep=keep)
    return child, kept[0]


async def in_store(bench: Bench, execution: Execution) -> Execution:
    await bench.store.transact(lambda tx: tx.insert(execution))
    return execution


async def end_all(bench: Bench, *runtimes: Runtime) -> None:
    by_type = {runtime.name: runtime for runtime in runtimes}
    await CrashRecovery(bench.recorder, Runtimes(by_type)).end_all(NOON)


async def test_what_a_crashed_executor_left_is_ended_and_killed(bench: Bench) -> None:
    runtime = bench.kind.make(DEAF)
    child, handle = await a_child(runtime)
    left = await in_store(
        bench, an_execution(runtime=runtime.name, handle=handle, phase=ExecutionPhase.RUNNING)
    )
    await end_all(bench, runtime)
    assert (await child.wait()).message.startswith(bench.kind.killed)
    await child.close()
    execution = await bench.store.load(left.namespace, left.id)
    assert (execution.phase, execution.message) == (
        ExecutionPhase.ENDED,
        "its executor crashed",
    )


async def test_what_is_gone_already_is_ended_too(bench: Bench) -> None:
    left = await in_store(
        bench, an_execution(runtime="process", handle="4194303@another-boot/1")
    )
    await end_all(bench, bench.kind.make(DEAF))
    assert (await bench.store.load(left.namespace, left.id)).phase is ExecutionPhase.ENDED


async def test_what_had_not_begun_is_ended_too(bench: Bench) -> None:
    left = await in_store(bench, an_execution())
    await end_all(bench, bench.kind.make(DEAF))
    assert (await bench.store.load(left.namespace, left.id)).phase is ExecutionPhase.ENDED


async def test_what_nobody_here_can_look_for_is_ended_in_the_books(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    left = await in_store(bench, an_execution(runtime="pod", handle="pods/quick-otter"))
    await end_all(bench, bench.kind.make(DEAF))
    assert (await bench.store.load(left.namespace, left.id)).phase is ExecutionPhase.ENDED
    [told] = [it for it in caplog.records if it.message == "execution.left_behind"]
    assert vars(told)["gone"] is False


async def test_what_this_executor_keeps_is_left_alone(bench: Bench) -> None:
    runtime = bench.kind.make(DEAF)
    child, handle = await a_child(runtime)
    kept = await in_store(
        bench,
        an_execution(
            incarnation=bench.incarnation,
            runtime=runtime.name,
            handle=handle,
            phase=ExecutionPhase.RUNNING,
        ),
    )
    await end_all(bench, runtime)
    assert await runtime.find(handle) is not None
    assert await bench.store.load(kept.namespace, kept.id) == kept
    await child.stop(StopStage.KILL)
    await child.wait()
    await child.close()
