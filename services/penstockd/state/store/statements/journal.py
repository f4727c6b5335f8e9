"""Statements of journals, and of the task runs that they write."""

import sqlalchemy as sa

from penstockd.database.columns import Int, one_of
from penstockd.database.expressions import LIMIT, bind, binds, equals, insert_into, keyed
from penstockd.state.store.tables.flow_run import flow_run
from penstockd.state.store.tables.journal import journal
from penstockd.state.store.tables.task_run import task_run

_run = flow_run.c
_task = task_run.c
_PROGRESS = (
    _task.state_type, _task.state_name, _task.state_message, _task.state_time,
    _task.scheduled_time, _task.rolled_back, _task.attempt, _task.attempt_cause,
    _task.revision, _task.result, _task.failure, _task.start_time, _task.end_time,
)  # fmt: skip
JOURNAL_HEAD = (
    sa.select(_run.fence, _run.lease_id, _run.owned, _run.epoch, _run.next_sequence)
    .where(keyed(flow_run, "namespace", "id"))
    .with_for_update()
)
# The fence is compared once more where it is written.
ADVANCE_JOURNAL = (
    flow_run.update()
    .where(keyed(flow_run, "namespace", "id", "fence"), _run.owned)
    .values(
        open_task_runs=_run.open_task_runs + sa.bindparam("opened", type_=Int()),
        **binds(_run.next_sequence),
    )
)
INSERT_BATCH = insert_into(journal)
BATCH_BY_REQUEST = sa.select(
    journal.c.flow_run_id, journal.c.first_sequence, journal.c.count, journal.c.request_hash
).where(keyed(journal, "namespace", "request_id"))
BATCHES = (
    sa.select(journal)
    .where(
        keyed(journal, "namespace", "flow_run_id"),
        sa.tuple_(journal.c.fence, journal.c.first_sequence)
        >= sa.tuple_(bind(journal.c.fence), bind(journal.c.first_sequence)),
    )
    .order_by(journal.c.fence, journal.c.first_sequence)
    .limit(LIMIT)
)
# What lies after a position, without its bytes: how much of it is read is decided then.
BATCHES_AFTER = (
    sa.select(
        journal.c.fence,
        journal.c.first_sequence,
        journal.c.count,
        sa.func.length(journal.c.entries, type_=Int()).label("size"),
    )
    .where(
        keyed(journal, "namespace", "flow_run_id"),
        sa.tuple_(journal.c.fence, journal.c.first_sequence + journal.c.count - 1)
        > sa.tuple_(
            bind(journal.c.fence, "after_fence"),
            bind(journal.c.first_sequence, "after_sequence"),
        ),
    )
    .order_by(journal.c.fence, journal.c.first_sequence)
    .limit(LIMIT)
)
KNOWN_TASK_RUNS = sa.select(_task.id, _task.flow_run_id, *_PROGRESS).where(
    equals(_task.namespace), one_of(_task.id, "ids")
)
INSERT_TASK_RUN = insert_into(task_run)
SAVE_TASK_RUN = (
    task_run.update().where(keyed(task_run, "namespace", "id")).values(binds(*_PROGRESS))
)
JOURNAL_BYTES_BY_NAMESPACE = sa.select(
    journal.c.namespace,
    sa.cast(sa.func.sum(sa.func.length(journal.c.entries)), Int()).label("used"),
).group_by(journal.c.namespace)
