"""Statements of deployments and their versions."""

import sqlalchemy as sa
from sqlalchemy import bindparam

from penstockd.database.columns import Text
from penstockd.database.expressions import LIMIT, bind, equals, insert_into, keyed
from penstockd.scheduler.store.tables.deployment import deployment, deployment_version

_newest = sa.select(
    deployment.c.id,
    deployment.c.flow_name,
    deployment.c.name,
    deployment.c.create_time,
    *(column for column in deployment_version.c if column.name != "deployment_id"),
).join_from(
    deployment,
    deployment_version,
    sa.and_(
        deployment_version.c.namespace == deployment.c.namespace,
        deployment_version.c.deployment_id == deployment.c.id,
        deployment_version.c.version == deployment.c.version,
    ),
)
_after_flow = bind(deployment.c.flow_name, "after_flow")

INSERT_DEPLOYMENT = insert_into(deployment).on_conflict_do_nothing()
LOCK_DEPLOYMENT = (
    sa.select(deployment.c.id)
    .where(keyed(deployment, "namespace", "flow_name", "name"))
    .with_for_update()
)
# Compare-and-swap: the row still holds the version that the rule saw.
SET_DEPLOYMENT_VERSION = (
    sa.update(deployment)
    .where(
        equals(deployment.c.namespace),
        equals(deployment.c.id, "deployment_id"),
        equals(deployment.c.version, "version_before"),
    )
    .values(version=bind(deployment.c.version, "version_now"))
)
INSERT_DEPLOYMENT_VERSION = insert_into(deployment_version)
DEPLOYMENT_BY_ID = _newest.where(keyed(deployment, "namespace", "id"))
DEPLOYMENT_BY_NAME = _newest.where(keyed(deployment, "namespace", "flow_name", "name"))
DEPLOYMENTS = (
    _newest.where(
        equals(deployment.c.namespace),
        sa.or_(
            bindparam("of_flow", type_=Text) == "", equals(deployment.c.flow_name, "of_flow")
        ),
        sa.or_(
            deployment.c.flow_name > _after_flow,
            sa.and_(
                deployment.c.flow_name == _after_flow,
                deployment.c.name > bind(deployment.c.name, "after_name"),
            ),
        ),
    )
    .order_by(deployment.c.flow_name, deployment.c.name)
    .limit(LIMIT)
)
