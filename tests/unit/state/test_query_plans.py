"""What is asked all the time is found by an index, and not by reading the table."""

import sqlite3
from collections.abc import Iterator

import pytest

from penstockd.database import Statement
from penstockd.database.schemas import schema_of
from penstockd.state.store.statement_texts import lease, task_run, worker_session

INDEXED = [
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


@pytest.mark.parametrize("statement", [lease.READY_FLOW_RUNS, task_run.OPEN_TASK_RUNS])
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
