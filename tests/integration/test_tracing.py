"""One deployed run is one trace: a tree over caller, services, executor and child."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from integration.system import System
from integration.tracing import traced_run
from otlp_receiver import OtlpReceiver, SeenSpan, otlp_receiver
from penstock.spans import ENDPOINT
from span_tree import DEPLOYED_RUN, drawn, flaws

# Exporters send twice a second; after the end nothing new may come for longer than that.
QUIET = 1.5
PARTS = ["executor.child_process", "flow_run", "scheduler.hand_out", "task_run"]


@pytest.fixture(scope="module")
def receiver() -> Iterator[OtlpReceiver]:
    with otlp_receiver() as receiving:
        yield receiving


@pytest.fixture(scope="module")
def traced_system(
    module_database: str, receiver: OtlpReceiver, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    to_receiver = {ENDPOINT: receiver.endpoint}
    running = System(tmp_path_factory.mktemp("traced"), module_database, to_receiver)
    try:
        running.start_all()
        yield running
    finally:
        running.close()


def test_a_deployed_run_is_one_tree_from_its_caller_to_its_last_write(
    traced_system: System, receiver: OtlpReceiver, tmp_path: Path
) -> None:
    trace_id = traced_run(traced_system, {ENDPOINT: receiver.endpoint})
    spans = receiver.settled(trace_id, quiet=QUIET, whole=is_whole)
    assert flaws(spans, services=DEPLOYED_RUN) == [], drawn(spans)
    assert parts(spans) == PARTS


def parts(spans: Sequence[SeenSpan]) -> list[str]:
    return sorted(span.name for span in spans if span.kind not in ("CLIENT", "SERVER"))


def is_whole(spans: Sequence[SeenSpan]) -> bool:
    return parts(spans) == PARTS and flaws(spans, services=DEPLOYED_RUN) == []
