"""Statements of results."""

import sqlalchemy as sa

from penstockd.artifact.store.tables.result import fence, result
from penstockd.database.expressions import insert_into, keyed

_new_fence = insert_into(fence)

RAISE_FENCE = _new_fence.on_conflict_do_update(
    index_elements=[fence.c.namespace, fence.c.flow_run_id],
    set_={"fence": _new_fence.excluded.fence},
    where=fence.c.fence <= _new_fence.excluded.fence,
)
INSERT_RESULT = insert_into(result).on_conflict_do_nothing()
RESULT = sa.select(result).where(keyed(result, "namespace", "id"))
