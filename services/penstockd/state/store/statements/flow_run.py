"""Statements of flow runs."""

import sqlalchemy as sa

from penstockd.database.columns import Int, one_of
from penstockd.database.expressions import LIMIT, bind, binds, equals, insert_into, keyed
from penstockd.state.store.tables.columns import ownership_columns
from penstockd.state.store.tables.flow_run import flow_run, label
from penstockd.state.store.tables.journal import journal
from penstockd.state.store.tables.log import log, log_source
from penstockd.state.store.tables.task_run import task_run
from penstockd.state.store.tables.transition import transition

_run = flow_run.c
_LEASE = {_run.lease_phase, _run.checkpoint, _run.next_sequence}
# The columns of a run whole, without its parameters, and as lists show it.
FULL_COLUMNS = tuple(it for it in _run if it not in _LEASE | {_run.folded_name})
FLOW_RUN_COLUMNS = tuple(it for it in FULL_COLUMNS if it is not _run.parameters)
BASIC_COLUMNS = tuple(it for it in FLOW_RUN_COLUMNS if it is not _run.failure)
_MOVING = (
    _run.state_type, _run.state_name, _run.state_message, _run.state_time, _run.scheduled_time,
    _run.rolled_back, _run.attempt, _run.attempt_cause, _run.next_cause, _run.epoch,
    _run.revision, _run.start_time, _run.end_time, _run.result_id, _run.failure_brief,
    _run.failure, _run.delete_requested, _run.lost_starts,
    _run.name, _run.folded_name, _run.is_named,
    *(_run[it.name] for it in ownership_columns()),
)  # fmt: skip

INSERT_FLOW_RUN = insert_into(flow_run).on_conflict_do_nothing()
INSERT_LABEL = insert_into(label).on_conflict_do_nothing()
FLOW_RUN = sa.select(*FLOW_RUN_COLUMNS).where(keyed(flow_run, "namespace", "id"))
WHOLE_FLOW_RUN = sa.select(*FULL_COLUMNS).where(keyed(flow_run, "namespace", "id"))
LOCK_FLOW_RUN = FLOW_RUN.with_for_update()
LOCK_FLOW_RUNS = (
    sa.select(*FLOW_RUN_COLUMNS)
    .where(equals(_run.namespace), one_of(_run.id, "ids"))
    .order_by(_run.id)
    .with_for_update()
)
FLOW_RUN_BY_KEY = sa.select(*FLOW_RUN_COLUMNS).where(
    keyed(flow_run, "namespace", "idempotency_key")
)
# Compare-and-swap: the row still holds the revision that the rule saw.
SAVE_FLOW_RUN = (
    flow_run.update()
    .where(
        keyed(flow_run, "namespace", "id"),
        _run.revision == sa.bindparam("known_revision", type_=Int()),
    )
    .values(binds(*_MOVING))
)
BASIC_FLOW_RUNS_BY_ID = sa.select(*BASIC_COLUMNS).where(
    equals(_run.namespace), one_of(_run.id, "ids")
)
FULL_FLOW_RUNS_BY_ID = sa.select(*FULL_COLUMNS).where(
    equals(_run.namespace), one_of(_run.id, "ids")
)
# The list that is asked for most; those with a filter are built while running.
NEWEST_FLOW_RUNS = (
    sa.select(*BASIC_COLUMNS)
    .where(equals(_run.namespace), _run.id < bind(_run.id, "before"))
    .order_by(_run.id.desc())
    .limit(LIMIT)
)
REQUEST_DELETION = (
    flow_run.update()
    .where(keyed(flow_run, "namespace", "id", "revision"))
    .values(delete_requested=sa.true())
)
FLOW_RUNS_TO_DELETE = (
    sa.select(_run.namespace, _run.id)
    .where(_run.delete_requested, _run.end_time.is_not(None))
    .limit(LIMIT)
)
DELETE_FLOW_RUNS = flow_run.delete().where(equals(_run.namespace), one_of(_run.id, "ids"))


def _delete_of_runs(table: sa.Table) -> sa.Delete:
    mine = one_of(table.c.flow_run_id, "ids")
    return table.delete().where(equals(table.c.namespace), mine)


DELETE_LABELS_OF_RUNS = _delete_of_runs(label)
DELETE_HISTORY_OF_RUNS = _delete_of_runs(transition)
DELETE_TASK_RUNS_OF_RUNS = _delete_of_runs(task_run)
DELETE_JOURNALS_OF_RUNS = _delete_of_runs(journal)
DELETE_LOGS_OF_RUNS = _delete_of_runs(log)
DELETE_LOG_SOURCES_OF_RUNS = _delete_of_runs(log_source)
RUNS_BY_NAMESPACE = sa.select(
    _run.namespace, sa.func.count(type_=Int()).label("used")
).group_by(_run.namespace)
