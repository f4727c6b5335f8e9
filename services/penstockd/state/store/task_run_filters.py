"""Lists of task runs that people filter; only these are built while running."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from penstockd.state.rules.task_run_filter import TaskRunFilter
from penstockd.state.store.tables.task_run import task_run

Condition = sa.ColumnElement[bool]
_task = task_run.c


def task_runs(
    namespace: str, flow_run_id: UUID, wanted: TaskRunFilter, *, after: int, limit: int
) -> sa.Select[Any]:
    query = sa.select(task_run).where(
        _task.namespace == namespace,
        _task.flow_run_id == flow_run_id,
        _task.position > after,
        *_conditions(wanted),
    )
    return query.order_by(_task.position).limit(limit)


class _each_text(GenericFunction[Any]):  # noqa: N801 - as functions of SQL are named
    """The texts of a list that a column holds; none of a column that is null."""

    inherit_cache = True
    name = "each_text"


@compiles(_each_text, "sqlite")
def _each_in_sqlite(element: _each_text, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_each_text, "postgresql")
def _each_in_postgresql(element: _each_text, compiler: Any, **options: Any) -> str:
    return f"jsonb_array_elements_text({compiler.process(element.clauses, **options)})"


def _conditions(wanted: TaskRunFilter) -> Iterator[Condition]:
    among = (
        (_task.id, wanted.task_run_ids),
        (_task.task_name, wanted.task_names),
        (_task.state_type, tuple(it.value for it in wanted.state_types)),
        (_task.state_name, wanted.state_names),
    )
    for column, values in among:
        if values:
            yield column.in_(values)
    for tag in wanted.tags.all:
        yield _has_one_of([tag])
    if wanted.tags.any:
        yield _has_one_of(wanted.tags.any)
    if wanted.tags.none:
        yield ~_has_one_of(wanted.tags.none)


def _has_one_of(tags: Sequence[str]) -> Condition:
    each = _each_text(_task.tags).table_valued("value")
    return sa.select(sa.literal_column("1")).where(each.c.value.in_(tags)).exists()
