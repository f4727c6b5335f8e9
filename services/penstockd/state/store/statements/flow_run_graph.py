"""Statements of reading the shape of a flow run: only the columns that a graph shows."""

import sqlalchemy as sa

from penstockd.database.columns import bytes_of, microseconds_of
from penstockd.database.expressions import LIMIT, bind, keyed
from penstockd.state.store.tables.flow_run import flow_run
from penstockd.state.store.tables.task_run import task_run

_task = task_run.c

GRAPH_HEAD = sa.select(microseconds_of(flow_run.c.create_time).label("create_time")).where(
    keyed(flow_run, "namespace", "id")
)
GRAPH_NODES = (
    sa.select(
        _task.position,
        bytes_of(_task.id).label("id"),
        bytes_of(_task.parent_task_run_id).label("parent_id"),
        _task.name,
        _task.task_name,
        _task.state_type,
        _task.state_name,
        _task.rolled_back,
        _task.has_rollback_hook,
        _task.attempt,
        microseconds_of(_task.create_time).label("create_time"),
        microseconds_of(_task.start_time).label("start_time"),
        microseconds_of(_task.end_time).label("end_time"),
        _task.upstream,
    )
    .where(
        keyed(task_run, "namespace", "flow_run_id"),
        _task.position > bind(_task.position, "after"),
    )
    .order_by(_task.position)
    .limit(LIMIT)
)
