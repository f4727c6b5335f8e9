"""Statements of the history of flow runs."""

import sqlalchemy as sa

from penstockd.database.columns import Int, one_of
from penstockd.database.expressions import LIMIT, bind, equals, insert_into, keyed
from penstockd.state.store.tables.transition import transition

_transition = transition.c

INSERT_TRANSITION = insert_into(transition)
TRANSITIONS = (
    sa.select(transition)
    .where(
        keyed(transition, "namespace", "flow_run_id"),
        _transition.revision > bind(_transition.revision, "after"),
    )
    .order_by(_transition.revision)
    .limit(LIMIT)
)
TRANSITIONS_BETWEEN = sa.select(transition).where(
    equals(_transition.namespace),
    one_of(_transition.flow_run_id, "ids"),
    _transition.revision >= sa.bindparam("first", type_=Int()),
    _transition.revision <= sa.bindparam("last", type_=Int()),
)
