from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID

import pytest

from builders import NAMESPACE, NOON
from contract.state.requests import an_append, called, fresh, moved, type_number
from contract.state.site import Site
from contract.state.watching import watching
from penstock.api.state.v1 import flow_run_graph_service_pb2 as pb
from penstock.api.state.v1 import journal_pb2, step_pb2
from penstock.api.state.v1 import task_run_service_pb2 as tasks_pb
from penstock.api.type.v1 import lease_pb2
from penstock.errors import FlowRunNotFound, InvalidArgument
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio
DATA, WAIT = step_pb2.UPSTREAM_KIND_DATA, step_pb2.UPSTREAM_KIND_WAIT
SUBFLOW = step_pb2.UPSTREAM_KIND_SUBFLOW
MANY = 12_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """What a client makes of the columns; places are counted from 0."""

    batches: list[Any]
    names: list[str] = field(default_factory=list)
    nodes: list[dict[str, Any]] = field(default_factory=list)
    edges: list[tuple[int, int, int, str]] = field(default_factory=list)

    def column(self, name: str) -> list[Any]:
        return [node[name] for node in self.nodes]


async def graph_of(site: Site, flow_run_id: str) -> Graph:
    request = pb.GetFlowRunGraphRequest(namespace=NAMESPACE, flow_run_id=flow_run_id)
    graph = Graph(batches=[batch async for batch in site.graphs.GetFlowRunGraph(request)])
    for batch in graph.batches:
        graph.names.extend(batch.names)
        graph.nodes.extend(nodes_of(batch.nodes, graph.names))
        edges = batch.edges
        for source, target, kind, parameter in zip(
            edges.sources, edges.targets, edges.kinds, edges.parameters, strict=True
        ):
            name = graph.names[parameter - 1] if parameter else ""
            graph.edges.append((source - 1, target - 1, kind, name))
    return graph


def nodes_of(columns: Any, names: list[str]) -> Iterator[dict[str, Any]]:
    ids, subflow_ids = ids_in(columns.ids), ids_in(columns.subflow_run_ids)
    own_names = iter(columns.own_names)
    for at, task_run_id in enumerate(ids):
        task_name, number = names[columns.task_names[at]], columns.name_numbers[at]
        subflow = columns.subflows[at]
        yield {
            "id": task_run_id,
            "parent": columns.parents[at] - 1,
            "name": f"{task_name}-{number - 1}" if number else next(own_names),
            "task_name": task_name,
            "subflow": subflow_ids[subflow - 1] if subflow else "",
            "state_type": columns.state_types[at],
            "attempt": columns.attempts[at],
            "rollback": columns.rollbacks[at],
            "create_time": columns.create_times[at],
            "start_delay": columns.start_delays[at],
            "duration": columns.durations[at],
        }


def ids_in(data: bytes) -> list[str]:
    return [str(UUID(bytes=data[at : at + 16])) for at in range(0, len(data), 16)]


def a_task(task_name: str, name: str, *upstream: tuple[int, str, str], **more: Any) -> Any:
    entry = called(fresh(), more.pop("state_type", "RUNNING"))
    entry.called.task_name, entry.called.name = task_name, name
    entry.called.parent_task_run_id = more.pop("parent", "")
    entry.called.has_rollback_hook = more.pop("hook", False)
    for kind, run_id, parameter in upstream:
        edge = entry.called.upstream.add(kind=kind, parameter=parameter)
        if kind == SUBFLOW or more.get("of_flow_run"):
            edge.run.flow_run_id = run_id
        else:
            edge.run.task_run_id = run_id
    return entry


def at(entry: journal_pb2.JournalEntry, time: datetime) -> journal_pb2.JournalEntry:
    entry.time.FromDatetime(time)
    return entry


def id_of(entry: journal_pb2.JournalEntry) -> str:
    return entry.called.task_run_id


async def test_an_empty_run_has_an_empty_graph_and_a_cursor(site: Site) -> None:
    lease = await site.a_running_run()
    (batch,) = (await graph_of(site, lease.run.flow_run_id)).batches
    assert (batch.nodes.ids, batch.watch_cursor != "") == (b"", True)


async def test_a_graph_tells_what_its_task_runs_are(site: Site) -> None:
    lease = await site.a_running_run()
    pour = a_task("pour", "pour-0", hook=True)
    inner = a_task("boil", "boil-12", parent=id_of(pour))
    own = a_task("boil", "the kettle", state_type="PENDING")
    padded = a_task("boil", "boil-012")
    retried = moved(id_of(inner), "RUNNING", attempt=2)
    await site.journal.AppendJournal(
        an_append(
            lease, pour, inner, own, padded, retried, moved(id_of(pour)),
            moved(id_of(pour), name="RolledBack"), moved(id_of(inner), "FAILED"),
        )
    )  # fmt: skip
    graph = await graph_of(site, lease.run.flow_run_id)
    assert graph.column("id") == [id_of(it) for it in (pour, inner, own, padded)]
    assert graph.column("name") == ["pour-0", "boil-12", "the kettle", "boil-012"]
    assert graph.column("task_name") == ["pour", "boil", "boil", "boil"]
    assert graph.column("parent") == [-1, 0, -1, -1]
    assert graph.column("attempt") == [1, 2, 0, 1]
    assert graph.column("rollback") == [3, 0, 0, 0]
    types = ("COMPLETED", "FAILED", "PENDING", "RUNNING")
    assert graph.column("state_type") == [type_number(it) for it in types]
    assert graph.names == ["pour", "boil"]


async def test_times_are_told_from_one_call_to_the_next(site: Site) -> None:
    lease = await site.a_running_run()
    second = timedelta(seconds=1)
    first, last = a_task("pour", "pour-0", state_type="PENDING"), a_task("pour", "pour-1")
    await site.journal.AppendJournal(
        an_append(
            lease,
            at(first, NOON + second),
            at(last, NOON - second),
            at(moved(id_of(first), "RUNNING"), NOON + 3 * second),
            at(moved(id_of(first)), NOON + 3 * second + timedelta(microseconds=7)),
        )
    )
    run = await site.run(lease.run.flow_run_id)
    graph = await graph_of(site, lease.run.flow_run_id)
    since = timedelta(microseconds=sum(graph.column("create_time")))
    assert run.create_time.ToDatetime(NOON.tzinfo) + since == NOON - second
    assert graph.column("create_time")[1] == -2_000_000
    assert graph.column("start_delay") == [2_000_001, 1]
    assert graph.column("duration") == [8, 0]


async def test_edges_join_task_runs_of_the_run(site: Site) -> None:
    lease, subflow_id = await site.a_running_run(), fresh()
    first = a_task("pour", "pour-0")
    child = a_task("child", "child-0", (SUBFLOW, subflow_id, ""))
    last = a_task(
        "boil", "boil-0", (DATA, id_of(first), "water"), (WAIT, id_of(child), ""),
        (DATA, fresh(), "of nobody"),
    )  # fmt: skip
    of_subflow = a_task("boil", "boil-1", (DATA, subflow_id, "water"), of_flow_run=True)
    await site.journal.AppendJournal(an_append(lease, first, child, last, of_subflow))
    graph = await graph_of(site, lease.run.flow_run_id)
    assert graph.edges == [(0, 2, DATA, "water"), (1, 2, WAIT, ""), (1, 3, DATA, "water")]
    assert graph.column("subflow") == ["", subflow_id, "", ""]


async def test_a_watch_goes_on_where_the_graph_was_read(site: Site) -> None:
    lease, entry = await site.a_running_run(), a_task("pour", "pour-0")
    await site.journal.AppendJournal(an_append(lease, entry))
    graph = await graph_of(site, lease.run.flow_run_id)
    await site.journal.AppendJournal(an_append(lease, moved(id_of(entry)), first=2))
    request = tasks_pb.WatchTaskRunsRequest(
        namespace=NAMESPACE,
        flow_run_id=lease.run.flow_run_id,
        cursor=graph.batches[0].watch_cursor,
    )
    async with watching(site.task_runs.WatchTaskRuns, request) as watcher:
        assert [it.revision for it in (await watcher.news()).changes] == [2]


def many_tasks(count: int) -> list[Any]:
    """Tasks as a large run has them: each takes the result of an earlier one."""
    random, made = Random(7), list[Any]()
    delays = accumulate(random.randrange(5_000) for _ in range(count))
    for number, delay in enumerate(delays):
        before = id_of(made[random.randrange(len(made))]) if made else fresh()
        entry = a_task(f"task_{number % 9}", "", (DATA, before, "value"), state_type="PENDING")
        entry.called.name = f"{entry.called.task_name}-{number // 9}"
        made.append(at(entry, NOON + timedelta(microseconds=delay)))
    return made


async def fill(site: Site, lease: lease_pb2.Lease, tasks: list[Any]) -> None:
    random, sequence = Random(8), 1
    for start in range(0, len(tasks), 300):
        batch = list(tasks[start : start + 300])
        for task in tasks[start : start + 300]:
            begin = task.time.ToDatetime(NOON.tzinfo) + timedelta(
                microseconds=random.randrange(20_000)
            )
            end = begin + timedelta(microseconds=random.randrange(2_000_000))
            batch += [at(moved(id_of(task), "RUNNING"), begin), at(moved(id_of(task)), end)]
        await site.journal.AppendJournal(an_append(lease, *batch, first=sequence))
        sequence += len(batch)


async def test_a_large_graph_comes_soon_and_small(site: Site) -> None:
    lease, tasks = await site.a_running_run(), many_tasks(MANY)
    await fill(site, lease, tasks)
    graph = await graph_of(site, lease.run.flow_run_id)
    assert graph.column("id") == [id_of(it) for it in tasks]
    assert graph.column("name") == [it.called.name for it in tasks]
    places = {id_of(it): place for place, it in enumerate(tasks)}
    assert graph.edges == [
        (places[it.called.upstream[0].run.task_run_id], place, DATA, "value")
        for place, it in enumerate(tasks)
        if place
    ]
    sizes = [batch.ByteSize() for batch in graph.batches]
    assert len(graph.batches[0].nodes.parents) == 500
    assert len(graph.batches) <= 5
    assert max(sizes) < 1024 * 1024
    assert sum(sizes) / MANY <= 45


async def test_a_graph_with_many_edges_comes_in_messages_that_fit(site: Site) -> None:
    lease = await site.a_running_run()
    sources = [a_task("pour", f"pour-{number}") for number in range(500)]
    await site.journal.AppendJournal(an_append(lease, *sources))
    all_of_them = [(DATA, id_of(it), "") for it in sources]
    for number in range(5):
        targets = [a_task("boil", f"boil-{number}-{it}", *all_of_them) for it in range(40)]
        await site.journal.AppendJournal(an_append(lease, *targets, first=501 + 40 * number))
    graph = await graph_of(site, lease.run.flow_run_id)
    assert len(graph.edges) == 500 * 200
    assert max(batch.ByteSize() for batch in graph.batches) < 1024 * 1024


async def test_a_graph_belongs_to_a_run(site: Site) -> None:
    with pytest.raises(FlowRunNotFound), named_errors():
        await graph_of(site, fresh())
    with pytest.raises(InvalidArgument), named_errors():
        await graph_of(site, "mine")
