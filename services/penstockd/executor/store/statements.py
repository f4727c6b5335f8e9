"""What is asked of the tables; `make gen` turns it into constant text."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from penstockd.database.columns import Int, UtcTime, one_of
from penstockd.executor.store.tables import execution

bind = sa.bindparam
_id = execution.c.id
_limit = bind("limit", type_=Int)
_active = execution.c.phase != sa.literal_column("'ENDED'")
_written = {it.name: bind(it.name, type_=it.type) for it in execution.c}

INSERT = insert(execution).values(_written).on_conflict_do_nothing()

SAVE = (
    sa.update(execution)
    .where(
        _id == bind("execution_id", type_=_id.type),
        execution.c.revision == bind("before", type_=Int),
    )
    .values({name: value for name, value in _written.items() if name != "id"})
)

LOAD = sa.select(execution).where(_id == bind("id"))
EXECUTIONS_BY_ID = sa.select(execution).where(one_of(_id, "ids"))

_page = (
    sa.select(execution)
    .where(execution.c.namespace == bind("namespace"), _id < bind("before", type_=_id.type))
    .order_by(_id.desc())
    .limit(_limit)
)
PAGE = _page
ACTIVE_PAGE = _page.where(_active)

ACTIVE = sa.select(execution).where(_active).order_by(_id)

_old = (
    sa.select(_id)
    .where(sa.not_(_active), execution.c.end_time < bind("older_than", type_=UtcTime))
    .limit(_limit)
)
FORGET = sa.delete(execution).where(_id.in_(_old))
