"""Statements of reading task runs."""

import sqlalchemy as sa

from penstockd.database.columns import one_of
from penstockd.database.expressions import LIMIT, bind, equals, keyed
from penstockd.state.store.tables.task_run import task_run

_task = task_run.c

TASK_RUN = sa.select(task_run).where(keyed(task_run, "namespace", "id"))
TASK_RUNS_BY_ID = sa.select(task_run).where(equals(_task.namespace), one_of(_task.id, "ids"))
TASK_RUNS = (
    sa.select(task_run)
    .where(
        keyed(task_run, "namespace", "flow_run_id"),
        _task.position > bind(_task.position, "after"),
    )
    .order_by(_task.position)
    .limit(LIMIT)
)
# What is open is mostly called last: the limit ends the search early.
OPEN_TASK_RUNS = (
    sa.select(task_run)
    .where(keyed(task_run, "namespace", "flow_run_id"), _task.end_time.is_(None))
    .order_by(_task.position.desc())
    .limit(LIMIT)
)
