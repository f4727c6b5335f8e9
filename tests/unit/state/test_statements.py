"""What holds for every statement of the service, read from its text."""

import re

import pytest

from penstockd.database import Statement
from penstockd.state.store import statement_texts

STATEMENTS = [it for it in vars(statement_texts).values() if isinstance(it, Statement)]
UPDATES = [it for it in STATEMENTS if it.sqlite.startswith("UPDATE state_flow_run")]
APPEND_ONLY = ("state_transition", "state_journal", "state_outbox", "state_log ")


def named(statement: Statement) -> str:
    return statement.name


@pytest.mark.parametrize("statement", UPDATES, ids=named)
def test_a_flow_run_is_written_over_a_known_revision_or_fence(statement: Statement) -> None:
    where = statement.sqlite.partition(" WHERE ")[2]
    assert re.search(r"state_flow_run\.(revision|fence) = \?", where)


def test_history_is_only_added_to() -> None:
    assert UPDATES
    for statement in STATEMENTS:
        for table in APPEND_ONLY:
            assert not statement.sqlite.startswith((f"UPDATE {table}", f"DELETE FROM {table}"))


def test_claims_lock_the_runs_that_they_take_and_skip_those_of_others() -> None:
    assert statement_texts.READY_FLOW_RUNS.postgresql.endswith("FOR UPDATE SKIP LOCKED")
