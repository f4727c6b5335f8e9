"""Statements of flow runs and their history."""

import sqlalchemy as sa

from penstockd.database.columns import Int, one_of
from penstockd.database.expressions import LIMIT, bind, binds, equals, insert_into, keyed
from penstockd.state.store.tables.flow_run import flow_run, transition

_run = flow_run.c
_LEASE = (_run.lease_phase, _run.checkpoint, _run.next_sequence)
_FIXED = (
    _run.namespace, _run.id, _run.name, _run.flow_id, _run.flow_name, _run.flow_version,
    _run.parent_flow_run_id, _run.parent_task_run_id, _run.root_flow_run_id,
    _run.deployment_id, _run.deployment_version, _run.launch, _run.parameters, _run.tags,
    _run.work_pool, _run.work_queue, _run.max_retries, _run.retry_delays, _run.create_time,
    _run.expected_start_time, _run.traceparent, _run.idempotency_key, _run.open_task_runs,
)  # fmt: skip
FLOW_RUN_COLUMNS = tuple(column for column in _run if column not in set(_LEASE))
_MOVING = tuple(column for column in FLOW_RUN_COLUMNS if column not in set(_FIXED))

INSERT_FLOW_RUN = insert_into(flow_run).on_conflict_do_nothing()
FLOW_RUN = sa.select(*FLOW_RUN_COLUMNS).where(keyed(flow_run, "namespace", "id"))
LOCK_FLOW_RUN = FLOW_RUN.with_for_update()
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
FLOW_RUNS_BY_ID = sa.select(*FLOW_RUN_COLUMNS).where(
    equals(_run.namespace), one_of(_run.id, "ids")
)
# The list that is asked for most; those with a filter are built while running.
NEWEST_FLOW_RUNS = (
    sa.select(*FLOW_RUN_COLUMNS)
    .where(equals(_run.namespace), _run.id < bind(_run.id, "before"))
    .order_by(_run.id.desc())
    .limit(LIMIT)
)
INSERT_TRANSITION = insert_into(transition)
TRANSITIONS = (
    sa.select(transition)
    .where(keyed(transition, "namespace", "flow_run_id"))
    .order_by(transition.c.revision.desc())
    .limit(LIMIT)
)
TRANSITIONS_BETWEEN = sa.select(transition).where(
    equals(transition.c.namespace),
    one_of(transition.c.flow_run_id, "ids"),
    transition.c.revision >= sa.bindparam("first", type_=Int()),
    transition.c.revision <= sa.bindparam("last", type_=Int()),
)
