"""What is asked of the tables; `make gen` turns it into constant text."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from penstockd.database.columns import Int, UtcTime
from penstockd.executor.store.tables import execution

bind = sa.bindparam
_newest = sa.func.coalesce(sa.func.max(execution.c.change), 0)
_next_change = sa.select(_newest + 1).scalar_subquery()
_given = [column for column in execution.c if column.name != "change"]
_written = [column for column in _given if column.name != "id"]
_active = execution.c.phase != sa.literal_column("'ENDED'")

INSERT = (
    insert(execution)
    .values(
        {column.name: bind(column.name, type_=column.type) for column in _given}
        | {"change": _next_change}
    )
    .on_conflict_do_nothing()
)

SAVE = (
    sa.update(execution)
    .where(execution.c.id == bind("execution_id", type_=execution.c.id.type), _active)
    .values(
        {column.name: bind(column.name, type_=column.type) for column in _written}
        | {"change": _next_change}
    )
)

LOAD = sa.select(execution).where(execution.c.id == bind("id"))

_page = (
    sa.select(execution)
    .where(execution.c.id < bind("before", type_=execution.c.id.type))
    .order_by(execution.c.id.desc())
    .limit(bind("limit", type_=Int))
)
PAGE = _page
ACTIVE_PAGE = _page.where(_active)

ACTIVE = sa.select(execution).where(_active).order_by(execution.c.change)

CHANGES = (
    sa.select(execution)
    .where(execution.c.change > bind("after", type_=Int))
    .order_by(execution.c.change)
    .limit(bind("limit", type_=Int))
)

NEWEST = sa.select(_newest.label("change"))

# The newest change number must stay, or it would be given out again.
FORGET = sa.delete(execution).where(
    sa.not_(_active),
    execution.c.end_time < bind("ended_before", type_=UtcTime),
    execution.c.change < sa.select(_newest).scalar_subquery(),
)
