"""Statements of deployments and their versions."""

from typing import Any

import sqlalchemy as sa

from penstockd.database.columns import Text, holds_text, if_any_one_of, if_any_shares
from penstockd.database.expressions import LIMIT, bind, binds, equals, insert_into, keyed
from penstockd.scheduler.store.tables.deployment import deployment, deployment_version

_deployment, _version = deployment.c, deployment_version.c
_BASIC_COLUMNS = (
    _deployment.namespace, _deployment.id, _deployment.name, _deployment.version,
    _deployment.tags, _deployment.description, _deployment.revision,
    _deployment.create_time, _deployment.update_time, _version.spec,
)  # fmt: skip
# What may be large.
_FULL_COLUMNS = (*_BASIC_COLUMNS, _version.parameters, _version.parameter_schema)
_newest = sa.and_(
    _version.namespace == _deployment.namespace,
    _version.deployment_id == _deployment.id,
    _version.version == _deployment.version,
)
_after_flow = bind(_deployment.flow_name, "after_flow")
_whole = sa.select(*_FULL_COLUMNS).join_from(deployment, deployment_version, _newest)

INSERT_DEPLOYMENT = insert_into(deployment).on_conflict_do_nothing()
LOCK_DEPLOYMENT = (
    sa.select(_deployment.id)
    .where(keyed(deployment, "namespace", "flow_name", "name"))
    .with_for_update()
)
# Compare-and-swap: the row still has the revision that the rule saw.
SAVE_DEPLOYMENT = (
    sa.update(deployment)
    .where(
        keyed(deployment, "namespace", "id"), equals(_deployment.revision, "known_revision")
    )
    .values(
        binds(
            _deployment.version, _deployment.work_pool, _deployment.work_queue,
            _deployment.tags, _deployment.description, _deployment.revision,
            _deployment.update_time,
        )
    )
)  # fmt: skip
INSERT_DEPLOYMENT_VERSION = insert_into(deployment_version)
DEPLOYMENT_BY_ID = _whole.where(keyed(deployment, "namespace", "id"))
DEPLOYMENT_BY_NAME = _whole.where(keyed(deployment, "namespace", "flow_name", "name"))


def _page(*columns: sa.Column[Any]) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .join_from(deployment, deployment_version, _newest)
        .where(
            equals(_deployment.namespace),
            if_any_one_of(_deployment.flow_name, "flow_names"),
            if_any_one_of(_deployment.work_pool, "work_pools"),
            if_any_shares(_deployment.tags, "tags"),
            sa.or_(
                holds_text(_deployment.folded_flow_name, "name_contains"),
                holds_text(_deployment.folded_name, "name_contains"),
            ),
            sa.or_(
                _deployment.flow_name > _after_flow,
                sa.and_(
                    _deployment.flow_name == _after_flow,
                    _deployment.name > bind(_deployment.name, "after_name"),
                ),
            ),
        )
        .order_by(_deployment.flow_name, _deployment.name)
        .limit(LIMIT)
    )


DEPLOYMENTS = _page(*_BASIC_COLUMNS)
WHOLE_DEPLOYMENTS = _page(*_FULL_COLUMNS)
# An empty queue means all of the pool's.
COUNT_DEPLOYMENTS_OF_POOL = sa.select(sa.func.count().label("count")).where(
    keyed(deployment, "namespace", "work_pool"),
    sa.or_(sa.bindparam("work_queue", type_=Text()) == "", equals(_deployment.work_queue)),
)
DELETE_DEPLOYMENT = deployment.delete().where(
    keyed(deployment, "namespace", "id"), equals(_deployment.revision)
)
DELETE_DEPLOYMENT_VERSIONS = deployment_version.delete().where(
    keyed(deployment_version, "namespace", "deployment_id")
)
