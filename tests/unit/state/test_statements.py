"""What holds for every statement of the service, read from its text."""

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest

from penstockd.database import Statement
from penstockd.state.store import statement_texts
from penstockd.state.store.statement_texts.lease import READY_FLOW_RUNS

TEXTS = [
    import_module(f"{statement_texts.__name__}.{it.name}")
    for it in iter_modules(statement_texts.__path__)
]
STATEMENTS = [it for text in TEXTS for it in vars(text).values() if isinstance(it, Statement)]
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
            assert not statement.sqlite.startswith(f"UPDATE {table}")


def test_history_goes_with_its_whole_run_alone() -> None:
    of_history = tuple(f"DELETE FROM {table}" for table in APPEND_ONLY)
    deletes = [it for it in STATEMENTS if it.sqlite.startswith(of_history)]
    assert [it.name for it in deletes] == [
        "state.DELETE_HISTORY_OF_RUNS",
        "state.DELETE_JOURNALS_OF_RUNS",
        "state.DELETE_LOGS_OF_RUNS",
    ]
    for statement in deletes:
        where = statement.postgresql.partition(" WHERE ")[2]
        assert re.fullmatch(r"\S+namespace = \$1::text AND \S+flow_run_id = ANY\(\S+\)", where)


def test_claims_lock_the_runs_that_they_take_and_skip_those_of_others() -> None:
    assert READY_FLOW_RUNS.postgresql.endswith("FOR UPDATE SKIP LOCKED")
