"""Statements of flows."""

import sqlalchemy as sa

from penstockd.database.columns import Int
from penstockd.database.expressions import LIMIT, bind, equals, insert_into, keyed
from penstockd.state.store.tables.flow import flow
from penstockd.state.store.tables.flow_run import flow_run

FLOW_COLUMNS = (flow.c.namespace, flow.c.name, flow.c.id, flow.c.create_time)
INSERT_FLOW = insert_into(flow).on_conflict_do_nothing()
FLOW_BY_NAME = sa.select(*FLOW_COLUMNS).where(keyed(flow, "namespace", "name"))
# Whoever makes a run holds its flow; whoever deletes the flow waits, and sees the run.
KEEP_FLOW = FLOW_BY_NAME.with_for_update(key_share=True, read=True)
LOCK_FLOW = FLOW_BY_NAME.with_for_update()
FLOW_BY_ID = sa.select(*FLOW_COLUMNS).where(keyed(flow, "namespace", "id"))
FLOWS = (
    sa.select(*FLOW_COLUMNS)
    .where(equals(flow.c.namespace), flow.c.name > bind(flow.c.name, "after"))
    .order_by(flow.c.name)
    .limit(LIMIT)
)
COUNT_RUNS_OF_FLOW = sa.select(sa.func.count(type_=Int()).label("count")).where(
    equals(flow_run.c.namespace), equals(flow_run.c.flow_name, "name")
)
DELETE_FLOW = flow.delete().where(keyed(flow, "namespace", "name"))
