"""Lists that people filter and sort; only these are built while running."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from penstockd.database.columns import Int, microseconds_of, unindexed
from penstockd.state.rules.flow_run_filter import (
    EVERYTHING,
    FlowRunFilter,
    TimeRange,
    folded,
)
from penstockd.state.rules.view import View
from penstockd.state.store.ports.flow import FlowFilter
from penstockd.state.store.ports.flow_run import FlowRunGroup
from penstockd.state.store.statements.flow import FLOW_COLUMNS
from penstockd.state.store.statements.flow_run import BASIC_COLUMNS, FULL_COLUMNS
from penstockd.state.store.tables.flow import flow
from penstockd.state.store.tables.flow_run import flow_run, label

Condition = sa.ColumnElement[bool]
_run = flow_run.c
TAG = ""
# SQLite joins 64 tables at most, and a plan for many takes longer than the query.
MOST_JOINED = 8
_TIMES = ("create_time", "expected_start_time", "start_time", "end_time")


def flow_runs(
    namespace: str,
    wanted: FlowRunFilter,
    *,
    after: UUID | None,
    limit: int,
    oldest_first: bool,
    view: View,
) -> sa.Select[Any]:
    columns = FULL_COLUMNS if view is View.FULL else BASIC_COLUMNS
    query, sort_key = _with_labels(sa.select(*columns), namespace, wanted)
    query = query.where(_run.namespace == namespace, *_conditions(wanted))
    if after:
        query = query.where(sort_key > after if oldest_first else sort_key < after)
    return query.order_by(sort_key if oldest_first else sort_key.desc()).limit(limit)


def flow_run_counts(
    namespace: str,
    wanted: FlowRunFilter,
    *,
    group_by: Sequence[FlowRunGroup],
    bucket: timedelta | None,
    limit: int,
) -> sa.Select[Any]:
    groups = list({it.name: it for by in group_by for it in _grouped(by, bucket)}.values())
    query = sa.select(sa.func.count(type_=Int()).label("count"), *groups)
    query, _ = _with_labels(query.select_from(flow_run), namespace, wanted)
    query = query.where(_run.namespace == namespace, *_conditions(wanted))
    return query.group_by(*groups).limit(limit)


def flows(namespace: str, wanted: FlowFilter, *, after: str, limit: int) -> sa.Select[Any]:
    query = sa.select(*FLOW_COLUMNS).where(flow.c.namespace == namespace, flow.c.name > after)
    if wanted.names:
        query = query.where(flow.c.name.in_(wanted.names))
    if wanted.name_contains:
        query = query.where(_contains(flow.c.folded_name, wanted.name_contains))
    return query.order_by(flow.c.name).limit(limit)


def _with_labels(
    query: sa.Select[Any], namespace: str, wanted: FlowRunFilter
) -> tuple[sa.Select[Any], sa.ColumnElement[Any]]:
    """Return the query for runs that have all tags and labels, and what it is sorted by.

    The first one leads: its rows lie in the order of the list. Of very many, the last are
    counted at each run that has the others.
    """
    pairs = [(TAG, tag) for tag in wanted.tags.all] + list(wanted.labels.items())
    if not pairs and len(wanted.tags.any) == 1:
        pairs = [(TAG, wanted.tags.any[0])]
    sort_key: sa.ColumnElement[Any] = unindexed(_run.id) if _is_led_by_time(wanted) else _run.id
    different = list(dict.fromkeys(pairs))
    for number, (key, value) in enumerate(different[:MOST_JOINED]):
        each = label.alias(f"label_{number}")
        query = query.join(
            each,
            sa.and_(
                each.c.namespace == namespace,
                each.c.key == key,
                each.c.value == value,
                each.c.flow_run_id == _run.id,
            ),
        )
        if number == 0:
            sort_key = each.c.flow_run_id
    if rest := different[MOST_JOINED:]:
        query = query.where(_how_many_of(rest, namespace) == len(rest))
    return query, sort_key


def _how_many_of(pairs: Sequence[tuple[str, str]], namespace: str) -> sa.ScalarSelect[int]:
    each = label.alias("other_label")
    return (
        sa.select(sa.func.count(type_=Int()))
        .where(
            each.c.namespace == namespace,
            each.c.flow_run_id == _run.id,
            sa.tuple_(each.c.key, each.c.value).in_(pairs),
        )
        .correlate(flow_run)
        .scalar_subquery()
    )


def _is_led_by_time(wanted: FlowRunFilter) -> bool:
    """Whether what is in a span of time is sought before the order of the list.

    Runs since a time are few against all that there are; those before one are most of them.
    """
    spans = [getattr(wanted, name) for name in _TIMES]
    if not any(span is not None and span.start is not None for span in spans):
        return False
    no_spans: dict[str, Any] = dict.fromkeys(_TIMES)
    return replace(wanted, **no_spans) == EVERYTHING


def _conditions(wanted: FlowRunFilter) -> Iterator[Condition]:
    among = (
        (_run.id, wanted.flow_run_ids),
        (_run.flow_name, wanted.flow_names),
        (_run.deployment_id, wanted.deployment_ids),
        (_run.state_type, tuple(it.value for it in wanted.state_types)),
        (_run.state_name, wanted.state_names),
        (_run.work_pool, wanted.work_pools),
        (_run.work_queue, wanted.work_queues),
        (_run.parent_flow_run_id, wanted.parent_flow_run_ids),
        (_run.root_flow_run_id, wanted.root_flow_run_ids),
    )
    for column, values in among:
        if values:
            yield column.in_(values)
    if wanted.root_flow_run_ids:
        # A run is not under itself.
        yield _run.parent_flow_run_id.is_not(None)
    if wanted.tags.any:
        yield _has_tag(wanted.tags.any)
    if wanted.tags.none:
        yield ~_has_tag(wanted.tags.none)
    if wanted.name_contains:
        yield _contains(_run.folded_name, wanted.name_contains)
    for name in _TIMES:
        yield from _at(_run[name], getattr(wanted, name))


def _has_tag(tags: Sequence[str]) -> Condition:
    each = label.alias("tag")
    return sa.exists().where(
        each.c.namespace == _run.namespace,
        each.c.key == TAG,
        each.c.value.in_(tags),
        each.c.flow_run_id == _run.id,
    )


def _contains(column: sa.Column[str], text: str) -> Condition:
    return column.contains(folded(text), autoescape=True)


def _at(column: sa.Column[Any], wanted: TimeRange | None) -> Iterator[Condition]:
    if wanted is None:
        return
    yield column.is_not(None)
    if wanted.start is not None:
        yield column >= wanted.start
    if wanted.end is not None:
        yield column < wanted.end


def _grouped(group: FlowRunGroup, bucket: timedelta | None) -> Sequence[Any]:
    if group is FlowRunGroup.TIME_BUCKET:
        assert bucket is not None  # noqa: S101 - the use case refuses it
        return [_bucket_start(bucket // timedelta(microseconds=1)).label("bucket_start")]
    return _COLUMNS[group]


def _bucket_start(length: int) -> sa.ColumnElement[Any]:
    """Return when the span of a run begins, in microseconds from 1970, in either direction."""
    time = microseconds_of(_run.expected_start_time)
    one: sa.ColumnClause[int] = sa.literal_column(str(length))
    return time - ((time % one) + one) % one


_COLUMNS: Mapping[FlowRunGroup, Sequence[sa.Column[Any]]] = {
    FlowRunGroup.STATE_TYPE: (_run.state_type,),
    FlowRunGroup.STATE_NAME: (_run.state_name,),
    FlowRunGroup.FLOW: (_run.flow_name,),
    FlowRunGroup.DEPLOYMENT: (_run.deployment_id,),
    FlowRunGroup.WORK_POOL: (_run.work_pool,),
    FlowRunGroup.WORK_QUEUE: (_run.work_pool, _run.work_queue),
}
