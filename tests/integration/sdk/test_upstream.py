"""Edges of the run graph say what they carry, and into which parameter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from penstock import flow, task, unmapped
from penstock.annotations import allow_failure, quote
from penstock.api.state.v1.step_pb2 import Upstream, UpstreamKind
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.states import State

DATA = UpstreamKind.UPSTREAM_KIND_DATA
WAIT = UpstreamKind.UPSTREAM_KIND_WAIT
SUBFLOW = UpstreamKind.UPSTREAM_KIND_SUBFLOW


@task
def one() -> int:
    return 1


@task
def other() -> int:
    return 2


@dataclass
class Box:
    inside: Any


def edge(run: RunRef, kind: UpstreamKind.ValueType, parameter: str = "") -> Upstream:
    return Upstream(run=run, kind=kind, parameter=parameter)


def of(run: Any) -> RunRef:
    return RunRef(task_run_id=run.id)


def in_a_flow(body: Any, recorded: Any) -> dict[str, Any]:
    flow(name="outermost")(body)()
    [found] = [it for it in recorded.flow_runs() if it.spec.flow_name == "outermost"]
    return recorded.task_runs(found.id)  # type: ignore[no-any-return]


def test_each_argument_is_an_edge_into_its_parameter(recorded: Any) -> None:
    @task
    def total(left: Any, *rest: Any, scale: Any = 1, **options: Any) -> None:
        pass

    def body() -> None:
        first, second = one.submit(), other.submit()
        total(first, [second], Box(first), scale={"by": second}, depth=allow_failure(first))

    runs = in_a_flow(body, recorded)
    first, second = of(runs["one-0"]), of(runs["other-0"])
    assert list(runs["total-0"].upstream) == [
        edge(first, DATA, "left"),
        edge(second, DATA, "rest"),
        edge(first, DATA, "rest"),
        edge(second, DATA, "scale"),
        edge(first, DATA, "depth"),
    ]


def test_an_edge_is_said_once_for_each_parameter(recorded: Any) -> None:
    @task
    def total(numbers: Sequence[Any], again: Any) -> None:
        pass

    def body() -> None:
        first = one.submit()
        total([first, first, 3], again=first)

    runs = in_a_flow(body, recorded)
    first = of(runs["one-0"])
    assert list(runs["total-0"].upstream) == [
        edge(first, DATA, "numbers"),
        edge(first, DATA, "again"),
    ]


def test_what_is_only_waited_for_carries_no_data(recorded: Any) -> None:
    @task
    def after(value: Any = None) -> None:
        pass

    def body() -> None:
        first, second = one.submit(), other.submit()
        after.submit(first, wait_for=[first, second])
        after(wait_for=[second])

    runs = in_a_flow(body, recorded)
    first, second = of(runs["one-0"]), of(runs["other-0"])
    assert list(runs["after-0"].upstream) == [
        edge(first, DATA, "value"),
        edge(first, WAIT),
        edge(second, WAIT),
    ]
    assert list(runs["after-1"].upstream) == [edge(second, WAIT)]


def test_what_is_passed_as_it_is_makes_no_edge(recorded: Any) -> None:
    @task
    def taken(value: Any) -> None:
        pass

    def body() -> None:
        taken(quote(one.submit()))
        taken([1, "two"])

    runs = in_a_flow(body, recorded)
    assert not runs["taken-0"].upstream
    assert not runs["taken-1"].upstream


def test_every_call_of_a_map_has_its_own_edges(recorded: Any) -> None:
    @task
    def scaled(number: Any, by: Any) -> None:
        pass

    def body() -> None:
        by = other.submit()
        scaled.map([one.submit(), 5], unmapped(by)).wait()

    runs = in_a_flow(body, recorded)
    first, by = of(runs["one-0"]), of(runs["other-0"])
    assert list(runs["scaled-0"].upstream) == [
        edge(first, DATA, "number"),
        edge(by, DATA, "by"),
    ]
    assert list(runs["scaled-1"].upstream) == [edge(by, DATA, "by")]


def test_a_subflows_task_run_names_its_run_and_what_it_was_given(recorded: Any) -> None:
    @flow
    def inner(number: int, scale: int = 1) -> int:
        return number * scale

    def body() -> None:
        first, second = one.submit(), other.submit()
        inner(first, wait_for=[second])

    runs = in_a_flow(body, recorded)
    [subflow] = [it for it in recorded.flow_runs() if it.spec.flow_name == "inner"]
    assert list(runs["inner-0"].upstream) == [
        edge(of(runs["one-0"]), DATA, "number"),
        edge(of(runs["other-0"]), WAIT),
        edge(RunRef(flow_run_id=subflow.id), SUBFLOW),
    ]


def test_the_state_of_a_subflow_is_an_edge_from_its_run(recorded: Any) -> None:
    @flow
    def inner() -> int:
        return 3

    @task
    def told(state: Any) -> Any:
        return state

    def body() -> None:
        state: State[int] = inner(return_state=True)
        told(state)

    runs = in_a_flow(body, recorded)
    [subflow] = [it for it in recorded.flow_runs() if it.spec.flow_name == "inner"]
    assert list(runs["told-0"].upstream) == [
        edge(RunRef(flow_run_id=subflow.id), DATA, "state")
    ]


def test_a_function_without_a_signature_still_makes_edges(recorded: Any) -> None:
    def body() -> None:
        built_in: Any = task(name="built in")(min)
        built_in([one.submit(), 7])

    runs = in_a_flow(body, recorded)
    [found] = runs["built in-0"].upstream
    assert (found.run, found.kind) == (of(runs["one-0"]), DATA)
