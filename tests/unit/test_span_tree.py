"""The judge of traces sees each way in which a trace can be wrong."""

from dataclasses import replace

from otlp_receiver import SeenSpan
from span_tree import flaws

CALLER, SERVICE = "caller", "service"


def a_span(
    span_id: str, parent_id: str = "", *, kind: str = "INTERNAL", pid: int = 1
) -> SeenSpan:
    return SeenSpan(
        trace_id="t",
        span_id=span_id,
        parent_id=parent_id,
        name="A/B",
        kind=kind,
        service=CALLER if pid == 1 else SERVICE,
        pid=pid,
        attributes={},
    )


ROOT = a_span("root")
CALL = a_span("call", "root", kind="CLIENT")
SERVED = a_span("served", "call", kind="SERVER", pid=2)
TREE = [ROOT, CALL, SERVED]


def wrong(*spans: SeenSpan) -> str:
    return "\n".join(flaws(spans, services={CALLER, SERVICE}))


def test_a_whole_tree_has_no_flaw() -> None:
    assert wrong(*TREE) == ""


def test_a_second_root_is_a_flaw() -> None:
    assert "2 roots" in wrong(*TREE, a_span("other"))


def test_no_span_at_all_is_a_flaw() -> None:
    assert "0 roots" in wrong()


def test_a_span_below_nothing_is_a_flaw() -> None:
    assert "parent that nobody sent" in wrong(*TREE, a_span("lost", "unknown"))


def test_a_call_that_nobody_served_is_a_flaw() -> None:
    assert "has below it nothing" in wrong(*TREE, a_span("call-2", "root", kind="CLIENT"))


def test_a_call_that_was_served_twice_is_a_flaw() -> None:
    assert "not one server span" in wrong(*TREE, replace(SERVED, span_id="again"))


def test_a_call_that_its_own_process_served_is_a_flaw() -> None:
    assert "not one server span" in wrong(ROOT, CALL, replace(SERVED, pid=1))


def test_a_server_span_below_no_call_is_a_flaw() -> None:
    assert "no call above it" in wrong(*TREE, a_span("odd", "root", kind="SERVER", pid=2))


def test_a_process_that_is_missing_is_a_flaw() -> None:
    assert "no span is from service" in wrong(ROOT)


def test_two_processes_of_one_name_are_a_flaw() -> None:
    twin = replace(a_span("twin", "served"), pid=3, service=SERVICE)
    assert "service is 2 processes" in wrong(*TREE, twin)


def test_a_span_that_came_twice_is_a_flaw() -> None:
    assert "sent 2 times" in wrong(*TREE, SERVED)
