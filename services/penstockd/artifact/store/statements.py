"""What is asked of the tables; `make gen` turns it into constant text."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from penstockd.artifact.store.tables import content, fence, result

bind = sa.bindparam
_put_fence = insert(fence)

CONTENT_ADD = insert(content).on_conflict_do_nothing()

CONTENT_LOAD = sa.select(content).where(
    content.c.namespace == bind("namespace"), content.c.sha256 == bind("sha256")
)

FENCE_RAISE = _put_fence.on_conflict_do_update(
    index_elements=[fence.c.namespace, fence.c.flow_run_id],
    set_={"fence": _put_fence.excluded.fence},
    where=fence.c.fence <= _put_fence.excluded.fence,
)

RESULT_ADD = insert(result).on_conflict_do_nothing()

RESULT_LOAD = sa.select(result).where(
    result.c.namespace == bind("namespace"), result.c.id == bind("id")
)
