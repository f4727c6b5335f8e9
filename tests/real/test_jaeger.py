"""A real Jaeger shows a deployed run as one tree over all its processes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.system import System
from integration.tracing import traced_run
from penstock.spans import ENDPOINT
from real.jaeger import Jaeger, started
from span_tree import DEPLOYED_RUN, drawn, flaws

pytestmark = pytest.mark.real

QUIET = 1.5


@pytest.fixture(scope="module")
def jaeger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jaeger]:
    program = Path(os.environ.get("PENSTOCK_JAEGER", ""))
    if not program.is_file():
        pytest.fail("PENSTOCK_JAEGER names no program: `make test-real` builds it")
    with started(program, tmp_path_factory.mktemp("jaeger")) as running:
        yield running


@pytest.fixture(scope="module")
def traced_system(
    module_database: str, jaeger: Jaeger, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    to_jaeger = {ENDPOINT: jaeger.endpoint}
    running = System(tmp_path_factory.mktemp("traced"), module_database, to_jaeger)
    try:
        running.start_all()
        yield running
    finally:
        running.close()


def test_a_deployed_run_is_one_tree_in_jaeger(traced_system: System, jaeger: Jaeger) -> None:
    trace_id = traced_run(traced_system, {ENDPOINT: jaeger.endpoint})
    spans = jaeger.settled(trace_id, quiet=QUIET, within=20.0)
    assert flaws(spans, services=DEPLOYED_RUN) == [], drawn(spans)
    assert jaeger.services() >= DEPLOYED_RUN
