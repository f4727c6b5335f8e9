"""What is asked all the time is found by an index, and not by reading the table."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta

import pytest

from builders import NOON, an_id
from penstockd.database import Statement
from penstockd.database.compiling import compile_select
from penstockd.database.schemas import schema_of
from penstockd.state.rules.flow_run_filter import FlowRunFilter, TagFilter, TimeRange
from penstockd.state.rules.state import S
from penstockd.state.rules.view import View
from penstockd.state.store.filters import flow_runs
from penstockd.state.store.statement_texts import (
    flow,
    flow_run,
    flow_run_graph,
    journal,
    lease,
    log,
    task_run,
    worker_session,
)

INDEXED = [
    (flow.COUNT_RUNS_OF_FLOW, "state_flow_run_flow"),
    (flow_run.FLOW_RUNS_TO_DELETE, "state_flow_run_deletion"),
    (flow_run.DELETE_LABELS_OF_RUNS, "state_flow_run_label_run"),
    (log.TASK_RUN_LOGS, "state_log_task_run"),
    (lease.READY_FLOW_RUNS, "state_flow_run_ready"),
    (lease.WAITING_PROGRAMS, "state_flow_run_ready"),
    (lease.HELD_LEASES, "state_flow_run_lease"),
    (lease.LOCK_FLOW_RUNS_UNDER_LEASES, "state_flow_run_lease"),
    (lease.ACKNOWLEDGED_LEASES, "state_flow_run_owned"),
    (lease.OWNED_FLOW_RUNS, "state_flow_run_owned"),
    (lease.UNACKNOWLEDGED, "state_flow_run_ack"),
    (lease.UNLISTED, "state_flow_run_list"),
    (lease.OVERDUE_CANCELS, "state_flow_run_cancel"),
    (lease.FORGET_LEASE_OUTCOMES, "state_lease_outcome_age"),
    (worker_session.EXPIRED_SESSIONS, "state_worker_session_alive"),
    (worker_session.EMBEDDED_SESSIONS, "state_worker_session_alive"),
    (worker_session.FORGET_SESSIONS, "state_worker_session_ended"),
]


READ_IN_ORDER = [
    flow_run_graph.GRAPH_NODES,
    journal.BATCHES,
    journal.BATCHES_AFTER,
    log.LOGS,
    log.TASK_RUN_LOGS,
    task_run.TASK_RUNS,
]


@pytest.fixture
def store() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    for statement in schema_of("state").statements("sqlite"):
        connection.execute(statement)
    yield connection
    connection.close()


@pytest.mark.parametrize(("statement", "index"), INDEXED, ids=lambda it: str(it)[:40])
def test_the_index_is_used(store: sqlite3.Connection, statement: Statement, index: str) -> None:
    plan = store.execute(
        f"EXPLAIN QUERY PLAN {statement.sqlite}", [None] * len(statement.binds)
    ).fetchall()
    assert any(index in row[3] for row in plan)


@pytest.mark.parametrize(
    "statement", [lease.READY_FLOW_RUNS, task_run.OPEN_TASK_RUNS, *READ_IN_ORDER]
)
def test_what_is_found_is_not_sorted(store: sqlite3.Connection, statement: Statement) -> None:
    plan = store.execute(
        f"EXPLAIN QUERY PLAN {statement.sqlite}", [None] * len(statement.binds)
    ).fetchall()
    assert not any("TEMP B-TREE" in row[3] for row in plan)


@pytest.mark.parametrize("statement", [lease.READY_FLOW_RUNS, lease.WAITING_PROGRAMS])
def test_what_waits_for_other_programs_is_not_read(
    store: sqlite3.Connection, statement: Statement
) -> None:
    plan = store.execute(
        f"EXPLAIN QUERY PLAN {statement.sqlite}", [None] * len(statement.binds)
    ).fetchall()
    searches = [row[3] for row in plan if "state_flow_run" in row[3]]
    one_program = "(namespace=? AND work_pool=? AND work_queue=? AND program=?"
    assert searches
    assert all(one_program in search for search in searches)


LABELS = "label_0 USING PRIMARY KEY"
TIME = TimeRange(start=NOON, end=NOON + timedelta(hours=1))
# A list with this filter is led by this index, and comes in its order.
LED = [
    (FlowRunFilter(), "sqlite_autoindex_state_flow_run_1", True),
    (FlowRunFilter(flow_run_ids=(an_id(),)), "sqlite_autoindex_state_flow_run_1", True),
    (FlowRunFilter(flow_names=("spill",)), "state_flow_run_flow", True),
    (FlowRunFilter(deployment_ids=(an_id(),)), "state_flow_run_deployment", True),
    (FlowRunFilter(state_types=(S.FAILED,)), "state_flow_run_state", True),
    (FlowRunFilter(work_pools=("river",)), "state_flow_run_pool", True),
    (FlowRunFilter(parent_flow_run_ids=(an_id(),)), "state_flow_run_parent", True),
    (FlowRunFilter(root_flow_run_ids=(an_id(),)), "state_flow_run_root", True),
    (FlowRunFilter(tags=TagFilter(all=("wet", "cold"))), LABELS, True),
    (FlowRunFilter(tags=TagFilter(any=("wet",))), LABELS, True),
    (FlowRunFilter(labels={"team": "water"}), LABELS, True),
    (FlowRunFilter(create_time=TIME), "state_flow_run_created", False),
    (FlowRunFilter(expected_start_time=TIME), "state_flow_run_expected", False),
    (FlowRunFilter(start_time=TIME), "state_flow_run_started", False),
    (FlowRunFilter(end_time=TIME), "state_flow_run_ended", False),
]


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize(("wanted", "index", "in_order"), LED)
def test_a_list_is_led_by_the_index_of_its_filter(
    store: sqlite3.Connection, wanted: FlowRunFilter, index: str, in_order: bool, view: View
) -> None:
    text, values, _ = compile_select(
        lambda: flow_runs(
            "home", wanted, after=an_id(), limit=50, oldest_first=False, view=view
        ),
        "sqlite",
    )
    plan = [row[3] for row in store.execute(f"EXPLAIN QUERY PLAN {text}", values)]
    assert index in plan[0], plan
    assert any("TEMP B-TREE" in step for step in plan) != in_order, plan
