"""A filter keeps the same task runs wherever it is applied: in the rules, and everywhere."""

from collections.abc import AsyncIterator
from random import Random
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from builders import NAMESPACE, NOON, a_call, a_state, a_step_to, an_id, an_owned_run
from penstockd.state.rules.actor import USER
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.flow_run_filter import TagFilter
from penstockd.state.rules.lease import LeasePhase
from penstockd.state.rules.state import S
from penstockd.state.rules.task_run import Begun, Folded, TaskRun, began
from penstockd.state.rules.task_run_filter import TaskRunFilter, matches
from penstockd.state.store import Store, Transaction
from penstockd.state.store.journal_wire import pack_moves
from penstockd.state.store.ports.journal import JournalBatch
from penstockd.state.store.task_run import BATCHES_AT_ONCE

pytestmark = pytest.mark.asyncio
POPULATION = 150
TASKS = ("pour", "Pour", "boil", "100%")
TAGS = ("wet", "cold", "Wet", 'a"b', "a,b")
STATES = tuple(S)
STATE_NAMES = ("Completed", "RolledBack", "AwaitingRetry")
RUN, OTHER = an_owned_run(), an_owned_run()


def a_population() -> list[TaskRun]:
    random = Random(7)
    return [a_random_task_run(random, position) for position in range(1, POPULATION + 1)]


def a_random_task_run(random: Random, position: int) -> TaskRun:
    called = a_call()._replace(
        task_name=random.choice(TASKS),
        tags=tuple(random.sample(TAGS, random.randrange(4))),
    )
    state = a_state(random.choice(STATES), name=random.choice(STATE_NAMES))
    return TaskRun(
        namespace=NAMESPACE,
        flow_run_id=RUN.id,
        epoch=0,
        position=position,
        called=called,
        progress=began(called)._replace(state=state),
    )


TASK_RUNS = a_population()


def keeping(task_runs: list[TaskRun]) -> Folded:
    return Folded(
        begun=[Begun(it.called, it.position) for it in task_runs],
        progress={it.called.task_run_id: it.progress for it in task_runs},
    )


def a_batch(run: FlowRun, **changes: Any) -> JournalBatch:
    return JournalBatch(
        **{
            "namespace": NAMESPACE,
            "flow_run_id": run.id,
            "fence": run.ownership.fence,
            "first_sequence": 1,
            "count": 1,
            "request_id": an_id(),
            "request_hash": b"",
            "entries": pack_moves([]),
            **changes,
        }
    )


@pytest_asyncio.fixture
async def peopled(store: Store) -> AsyncIterator[Store]:
    async def work(tx: Transaction) -> None:
        for run in (RUN, OTHER):
            assert await tx.flow_runs.insert(run, actor=USER, phase=LeasePhase.ACKNOWLEDGED)
        await tx.journal.append(a_batch(RUN), keeping(TASK_RUNS), epoch=0, at=NOON)
        theirs = Folded()
        for call in (a_call(), a_call()):
            theirs.begun.append(Begun(call, len(theirs.begun) + 1))
            theirs.progress[call.task_run_id] = began(call)
        # Nobody else's task runs are ever found.
        await tx.journal.append(a_batch(OTHER), theirs, epoch=0, at=NOON)

    await store.write(work)
    yield store


def some(values: Any, most: int = 3) -> SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), max_size=most).map(tuple)


IDS = (*(it.called.task_run_id for it in TASK_RUNS[:20]), an_id())
PARTS: dict[str, SearchStrategy[Any]] = {
    "task_run_ids": some(IDS, 9),
    "task_names": some(TASKS),
    "state_types": some(STATES, 5),
    "state_names": some(STATE_NAMES, 2),
    "tags": st.builds(TagFilter, all=some(TAGS, 2), any=some(TAGS), none=some(TAGS)),
}


@st.composite
def filters(draw: st.DrawFn) -> TaskRunFilter:
    names = draw(st.lists(st.sampled_from(sorted(PARTS)), max_size=3, unique=True))
    return TaskRunFilter(**{name: draw(PARTS[name]) for name in names})


async def listed(
    store: Store, wanted: TaskRunFilter, *, after: int = 0, limit: int = 999
) -> list[UUID]:
    found = await store.read(
        lambda tx: tx.task_runs.page(NAMESPACE, RUN.id, wanted, after=after, limit=limit)
    )
    return [it.called.task_run_id for it in found]


@settings(
    max_examples=200,
    deadline=None,
    # The population is the same for all examples: they only read.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wanted=filters(), after=st.integers(0, POPULATION), limit=st.integers(1, POPULATION))
async def test_a_page_keeps_what_the_rule_keeps(
    peopled: Store, wanted: TaskRunFilter, after: int, limit: int
) -> None:
    kept = [
        it.called.task_run_id for it in TASK_RUNS if it.position > after and matches(it, wanted)
    ]
    assert await listed(peopled, wanted, after=after, limit=limit) == kept[:limit]


async def test_a_reading_of_changes_tells_that_there_is_more(store: Store) -> None:
    """Whoever follows would wait for something new after an empty one."""
    calls = [a_call(state_type=S.RUNNING) for _ in range(BATCHES_AT_ONCE + 1)]
    start = await store.read(lambda tx: tx.cursor())

    async def work(tx: Transaction) -> None:
        assert await tx.flow_runs.insert(RUN, actor=USER, phase=LeasePhase.ACKNOWLEDGED)
        for position, call in enumerate(calls, 1):
            folded = Folded(
                begun=[Begun(call, position)], progress={call.task_run_id: began(call)}
            )
            named = pack_moves([a_step_to(call.task_run_id, S.RUNNING)])
            batch = a_batch(RUN, first_sequence=position, entries=named)
            await tx.journal.append(batch, folded, epoch=0, at=NOON)

    async def read(cursor: str, wanted: TaskRunFilter) -> tuple[str, Any]:
        return await store.read(
            lambda tx: tx.task_runs.changed(NAMESPACE, RUN.id, wanted, cursor=cursor)
        )

    await store.write(work)
    last = calls[-1].task_run_id
    wanted = TaskRunFilter(task_run_ids=(last,))
    cursor, nothing_yet = await read(start, wanted)
    assert nothing_yet is None
    cursor, changed = await read(cursor, wanted)
    assert [it.called.task_run_id for it in changed] == [last]
    assert await read(cursor, wanted) == (cursor, ())
    _, all_of_one_reading = await read(start, TaskRunFilter())
    assert len(all_of_one_reading) == BATCHES_AT_ONCE
