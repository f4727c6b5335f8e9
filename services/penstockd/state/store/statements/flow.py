"""Statements of flows."""

import sqlalchemy as sa

from penstockd.database.expressions import LIMIT, bind, equals, insert_into, keyed
from penstockd.state.store.tables.flow import flow

INSERT_FLOW = insert_into(flow).on_conflict_do_nothing()
FLOW_BY_NAME = sa.select(flow).where(keyed(flow, "namespace", "name"))
FLOW_BY_ID = sa.select(flow).where(keyed(flow, "namespace", "id"))
FLOWS = (
    sa.select(flow)
    .where(equals(flow.c.namespace), flow.c.name > bind(flow.c.name, "after"))
    .order_by(flow.c.name)
    .limit(LIMIT)
)
