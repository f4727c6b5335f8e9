"""Lists of flow runs that people filter and sort; only these are built while running."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from penstockd.state.store.ports.flow_run import FlowRunFilter
from penstockd.state.store.statements.flow_run import FLOW_RUN_COLUMNS
from penstockd.state.store.tables.flow_run import flow_run


def flow_runs(
    namespace: str,
    wanted: FlowRunFilter,
    *,
    after: UUID | None,
    limit: int,
    oldest_first: bool,
) -> sa.Select[Any]:
    run = flow_run.c
    query = sa.select(*FLOW_RUN_COLUMNS).where(run.namespace == namespace)
    if wanted.state_types:
        query = query.where(run.state_type.in_([it.value for it in wanted.state_types]))
    if wanted.flow_name:
        query = query.where(run.flow_name == wanted.flow_name)
    if wanted.deployment_id:
        query = query.where(run.deployment_id == wanted.deployment_id)
    if wanted.root_flow_run_id:
        query = query.where(
            run.root_flow_run_id == wanted.root_flow_run_id,
            run.parent_flow_run_id.is_not(None),
        )
    if wanted.flow_run_id:
        query = query.where(run.id == wanted.flow_run_id)
    if after:
        query = query.where(run.id > after if oldest_first else run.id < after)
    return query.order_by(run.id if oldest_first else run.id.desc()).limit(limit)
