"""The shape of a flow run as packed columns, cut to messages."""

from collections.abc import Iterator, Sequence
from itertools import count, islice, pairwise
from typing import Any

from penstock.api.state.v1 import step_pb2, task_run_pb2
from penstock.api.state.v1.flow_run_graph_pb2 import GraphEdges, GraphNodes
from penstock.api.state.v1.flow_run_graph_service_pb2 import GetFlowRunGraphResponse
from penstockd.state.rules.flow_run_graph import GraphNode, was_undone
from penstockd.state.servicers.values import STATE_NUMBERS

# A page is cut before it is so large; an edge takes a third of the message that it is kept as.
LARGEST = 900 * 1024
_LARGEST_NODE = 50
_EDGE_IS_SMALLER = 3
_LONGEST_NUMBER = 9
_SUBFLOW = step_pb2.UpstreamKind.UPSTREAM_KIND_SUBFLOW
_UNDONE, _HAS_HOOK = 1, 2


class GraphPacker:
    """Numbers the nodes and the names of one graph."""

    def __init__(self, create_time: int) -> None:
        self._called_before = create_time
        self._count = 0
        # By id; a flow run has the number of the task run that stands for it.
        self._numbers: dict[bytes | None, int] = {}
        self._names: dict[str, int] = {}

    def batches(self, nodes: Sequence[GraphNode]) -> Iterator[GetFlowRunGraphResponse]:
        """Yield what holds these nodes and the edges to them: at least one message."""
        for some in _cut(nodes):
            yield self._batch(some)

    def _batch(self, nodes: Sequence[GraphNode]) -> GetFlowRunGraphResponse:
        known_names = len(self._names)
        first = self._count + 1
        self._count += len(nodes)
        self._numbers.update(zip([it.id for it in nodes], count(first), strict=False))
        edges, subflows = self._edges(nodes, first)
        message = GetFlowRunGraphResponse(nodes=self._nodes(nodes, subflows), edges=edges)
        message.names.extend(islice(self._names, known_names, None))
        return message

    def _nodes(self, nodes: Sequence[GraphNode], subflows: dict[int, bytes]) -> GraphNodes:
        name_numbers = [_name_number(it) for it in nodes]
        places = dict(zip(subflows, range(1, len(subflows) + 1), strict=True))
        called = [self._called_before, *(it.create_time for it in nodes)]
        self._called_before = called[-1]
        return GraphNodes(
            ids=b"".join([it.id for it in nodes]),
            parents=[self._numbers.get(it.parent_id, 0) for it in nodes],
            task_names=[self._name(it.task_name) for it in nodes],
            name_numbers=name_numbers,
            own_names=[it.name for it, own in zip(nodes, name_numbers, strict=True) if not own],
            subflows=[places.get(at, 0) for at in range(len(nodes))],
            subflow_run_ids=b"".join(subflows.values()),
            state_types=[STATE_NUMBERS[it.state_type] for it in nodes],
            attempts=[it.attempt for it in nodes],
            rollbacks=[
                was_undone(it) * _UNDONE + it.has_rollback_hook * _HAS_HOOK for it in nodes
            ],
            create_times=[after - before for before, after in pairwise(called)],
            start_delays=[_span(it.create_time, it.start_time) for it in nodes],
            durations=[_span(it.start_time or it.create_time, it.end_time) for it in nodes],
        )

    def _edges(
        self, nodes: Sequence[GraphNode], first: int
    ) -> tuple[GraphEdges, dict[int, bytes]]:
        """Return the edges to these nodes, and the flow runs for which some of them stand."""
        columns: tuple[list[int], list[int], list[Any], list[int]] = ([], [], [], [])
        sources, targets, kinds, parameters = columns
        subflows: dict[int, bytes] = {}
        for at, node in enumerate(nodes):
            if not node.upstream:
                continue
            for edge in task_run_pb2.TaskRun.FromString(node.upstream).upstream:
                run, kind, parameter = edge.run, edge.kind, edge.parameter
                # A tenth of the time that a UUID takes.
                source = bytes.fromhex((run.task_run_id or run.flow_run_id).replace("-", ""))
                if kind == _SUBFLOW:
                    subflows.setdefault(at, source)
                    self._numbers.setdefault(source, first + at)
                elif number := self._numbers.get(source):
                    sources.append(number)
                    targets.append(first + at)
                    kinds.append(kind)
                    parameters.append(self._name(parameter) + 1 if parameter else 0)
        return (
            GraphEdges(sources=sources, targets=targets, kinds=kinds, parameters=parameters),
            subflows,
        )

    def _name(self, text: str) -> int:
        return self._names.setdefault(text, len(self._names))


def _cut(nodes: Sequence[GraphNode]) -> Iterator[Sequence[GraphNode]]:
    size = start = 0
    for at, node in enumerate(nodes):
        size += _LARGEST_NODE + len(node.name.encode())
        size += len(node.upstream) // _EDGE_IS_SMALLER
        if size > LARGEST and at > start:
            yield nodes[start:at]
            start, size = at, 0
    yield nodes[start:]


def _name_number(node: GraphNode) -> int:
    """Return one more than N of a run that is named after its task, "-" and N, else 0."""
    task_name, _, number = node.name.rpartition("-")
    if task_name != node.task_name or not 0 < len(number) <= _LONGEST_NUMBER:
        return 0
    plain = number.isascii() and number.isdigit() and (number[0] != "0" or number == "0")
    return int(number) + 1 if plain else 0


def _span(since: int, until: int | None) -> int:
    """Return one more than the microseconds between; clocks of processes may differ."""
    return 0 if until is None else max(0, until - since) + 1
