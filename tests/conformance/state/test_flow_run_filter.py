"""A filter keeps the same runs wherever it is applied: in the rules, and in every database."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from builders import NAMESPACE, NOON, a_flow_run, a_state, an_id
from penstockd.chassis.ids import EPOCH
from penstockd.state.rules.actor import USER
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.flow_run_filter import (
    FlowRunFilter,
    TagFilter,
    TimeRange,
    matches,
)
from penstockd.state.rules.lease import LeasePhase
from penstockd.state.rules.state import S
from penstockd.state.rules.view import View
from penstockd.state.store import Store, Transaction
from penstockd.state.store.ports.flow_run import FlowRunCount, FlowRunGroup

POPULATION = 200
FLOWS = ("pipeline", "Spill", "spill", "100%", "a_b")
NAMES = (
    "quiet-river",
    "STRASSE",
    "straße",
    "50% off",
    "under_score",
    "İstanbul",
    "back\\slash",
)
TEXTS = ("", "RIVER", "ss", "ß", "%", "_", "i", "\\", "'", "nothing like it")
POOLS, QUEUES = ("", "river", "lake"), ("default", "urgent")
TAGS = ("wet", "cold", "Wet", "a'b", "")
LABELS = {"team": ("water", "air"), "tier": ("", "1"), "wet": ("wet",)}
STATES = tuple(S)
STATE_NAMES = ("Late", "AwaitingRetry", "Completed")
IDS = tuple(an_id() for _ in range(4))
TIMES = tuple(NOON + timedelta(minutes=minute) for minute in range(-3, 4))
AFTER_EPOCH = EPOCH + timedelta(hours=7, microseconds=1)


def a_population() -> list[FlowRun]:
    random = Random(7)
    return [a_random_run(random) for _ in range(POPULATION)]


def a_random_run(random: Random) -> FlowRun:
    pool = random.choice(POOLS)
    parent = random.choice((None, *IDS))
    run = a_flow_run(
        state=a_state(random.choice(STATES), name=random.choice(STATE_NAMES)),
        name=random.choice(NAMES),
        flow_name=random.choice(FLOWS),
        work_pool=pool,
        work_queue=random.choice(QUEUES) if pool else "",
        tags=tuple(random.sample(TAGS[:4], random.randrange(4))),
        labels={
            key: random.choice(values)
            for key, values in LABELS.items()
            if random.random() < 0.5
        },
        deployment_id=random.choice((None, *IDS)),
        parent_flow_run_id=parent,
        create_time=random.choice(TIMES),
        expected_start_time=random.choice((*TIMES, AFTER_EPOCH)),
        start_time=random.choice((None, *TIMES)),
        end_time=random.choice((None, *TIMES)),
    )
    return run if parent is None else replace(run, root_flow_run_id=random.choice(IDS))


RUNS = a_population()


@pytest_asyncio.fixture
async def peopled(store: Store) -> AsyncIterator[Store]:
    async def work(tx: Transaction) -> None:
        for run in RUNS:
            assert await tx.flow_runs.insert(run, actor=USER, phase=LeasePhase.OFFERED)
        # Nobody else's runs are ever found.
        other = replace(RUNS[0], namespace="away")
        assert await tx.flow_runs.insert(other, actor=USER, phase=LeasePhase.OFFERED)

    await store.write(work)
    yield store


def some(values: Any, most: int = 3) -> SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), max_size=most).map(tuple)


def spans() -> SearchStrategy[TimeRange | None]:
    sides: SearchStrategy[datetime | None] = st.sampled_from((None, *TIMES))
    return st.none() | st.builds(TimeRange, start=sides, end=sides)


RUN_IDS = (*(run.id for run in RUNS[:20]), an_id())
TAG_FILTERS = st.builds(TagFilter, all=some(TAGS, 2), any=some(TAGS), none=some(TAGS))
PARTS: dict[str, SearchStrategy[Any]] = {
    "flow_run_ids": some(RUN_IDS, 9),
    "flow_names": some(FLOWS),
    "deployment_ids": some(IDS),
    "state_types": some(STATES, 5),
    "state_names": some(STATE_NAMES, 2),
    "work_pools": some(POOLS),
    "work_queues": some(QUEUES),
    "tags": TAG_FILTERS,
    "labels": st.fixed_dictionaries(
        {}, optional={key: st.sampled_from((*it, "none")) for key, it in LABELS.items()}
    ),
    "name_contains": st.sampled_from(TEXTS) | st.text(max_size=2),
    "create_time": spans(),
    "expected_start_time": spans(),
    "start_time": spans(),
    "end_time": spans(),
    "parent_flow_run_ids": some(IDS),
    "root_flow_run_ids": some((*IDS, *RUN_IDS)),
}


@st.composite
def filters(draw: st.DrawFn) -> FlowRunFilter:
    """Most have one or two parts: with more, nothing is left."""
    names = draw(st.lists(st.sampled_from(sorted(PARTS)), max_size=3, unique=True))
    parts = {name: draw(PARTS[name]) for name in names}
    if "\x00" in parts.get("name_contains", ""):
        parts["name_contains"] = ""
    return FlowRunFilter(**parts)


async def listed(store: Store, wanted: FlowRunFilter, **how: Any) -> list[UUID]:
    asked = {"after": None, "limit": 999, "oldest_first": False, "view": View.BASIC, **how}
    runs = await store.read(lambda tx: tx.flow_runs.page(NAMESPACE, wanted, **asked))
    return [run.id for run in runs]


async def counted(store: Store, wanted: FlowRunFilter, *by: FlowRunGroup) -> Any:
    bucket = timedelta(minutes=2)
    counts = await store.read(
        lambda tx: tx.flow_runs.counts(
            NAMESPACE, wanted, group_by=by, bucket=bucket, limit=9999
        )
    )
    return Counter({replace(it, count=0): it.count for it in counts})


def counts_by_rule(wanted: FlowRunFilter, *by: FlowRunGroup) -> Any:
    return Counter(a_count(run, by) for run in RUNS if matches(run, wanted))


def a_count(run: FlowRun, by: tuple[FlowRunGroup, ...]) -> FlowRunCount:
    spec, span = run.spec, timedelta(minutes=2)
    told: dict[FlowRunGroup, dict[str, Any]] = {
        FlowRunGroup.STATE_TYPE: {"state_type": run.state.type},
        FlowRunGroup.STATE_NAME: {"state_name": run.state.name},
        FlowRunGroup.FLOW: {"flow_name": spec.flow_name},
        FlowRunGroup.DEPLOYMENT: {"deployment_id": run.deployment_id},
        FlowRunGroup.WORK_POOL: {"work_pool": spec.work_pool},
        FlowRunGroup.WORK_QUEUE: {"work_pool": spec.work_pool, "work_queue": spec.work_queue},
        FlowRunGroup.TIME_BUCKET: {
            "bucket_start_time": EPOCH + (run.expected_start_time - EPOCH) // span * span
        },
    }
    kinds = {name: kind for group in by for name, kind in told[group].items()}
    return FlowRunCount(count=0, **kinds)


GROUPS = st.lists(st.sampled_from(list(FlowRunGroup)), unique=True, max_size=3)


@pytest.mark.asyncio
@settings(
    max_examples=200,
    deadline=None,
    # The population is the same for all examples: they only read.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wanted=filters(), by=GROUPS)
async def test_a_list_and_a_count_keep_what_the_rule_keeps(
    peopled: Store, wanted: FlowRunFilter, by: list[FlowRunGroup]
) -> None:
    kept = [run.id for run in RUNS if matches(run, wanted)]
    assert await listed(peopled, wanted) == sorted(kept, reverse=True)
    assert await counted(peopled, wanted, *by) == counts_by_rule(wanted, *by)


@pytest.mark.asyncio
@pytest.mark.parametrize("oldest_first", [False, True])
@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize(
    "wanted",
    [
        FlowRunFilter(),
        FlowRunFilter(tags=TagFilter(all=("wet",))),
        FlowRunFilter(tags=TagFilter(any=("wet",))),
        FlowRunFilter(labels={"team": "water"}),
        FlowRunFilter(create_time=TimeRange(start=NOON)),
    ],
    ids=["everything", "a tag", "any tag", "a label", "a time"],
)
async def test_pages_of_a_filter_meet_without_gap(
    peopled: Store, wanted: FlowRunFilter, view: View, oldest_first: bool
) -> None:
    found: list[UUID] = []
    while page := await listed(
        peopled,
        wanted,
        after=found[-1] if found else None,
        limit=7,
        oldest_first=oldest_first,
        view=view,
    ):
        found += page
    kept = [run.id for run in RUNS if matches(run, wanted)]
    assert len(kept) > 7
    assert found == sorted(kept, reverse=not oldest_first)
