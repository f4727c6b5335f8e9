"""The SQL implementation: deployments and their versions."""

from collections.abc import Sequence
from typing import Any

from penstock.errors import DeploymentNotFound, RevisionConflict
from penstockd.database import Sql
from penstockd.database.change_feed import Change, Outbox
from penstockd.scheduler.rules.deployment import (
    Deployment,
    DeploymentFilter,
    DeploymentRef,
    folded,
)
from penstockd.scheduler.rules.view import View
from penstockd.scheduler.run_spec_wire import (
    payload_from_bytes,
    payload_to_bytes,
    spec_from_bytes,
    spec_to_bytes,
)
from penstockd.scheduler.store.statement_texts import deployment as texts


class SqlDeploymentStore:
    def __init__(self, sql: Sql, outbox: Outbox) -> None:
        self._sql = sql
        self._outbox = outbox

    async def get(self, namespace: str, ref: DeploymentRef) -> Deployment:
        if ref.id:
            row = await self._sql.one(texts.DEPLOYMENT_BY_ID, namespace=namespace, id=ref.id)
        else:
            row = await self._by_name(namespace, ref.flow_name, ref.name)
        if row is None:
            raise DeploymentNotFound(
                f"no deployment {ref} in {namespace}: `penstock deployment ls` lists them",
                deployment=str(ref),
            )
        return _deployment(row)

    async def lock(self, namespace: str, flow_name: str, name: str) -> Deployment | None:
        locked = await self._sql.one(
            texts.LOCK_DEPLOYMENT, namespace=namespace, flow_name=flow_name, name=name
        )
        if locked is None:
            # It may be there a moment later, but then it is not locked.
            return None
        row = await self._by_name(namespace, flow_name, name)
        return None if row is None else _deployment(row)

    async def insert(self, deployment: Deployment) -> bool:
        spec = deployment.spec
        inserted = await self._sql.run(
            texts.INSERT_DEPLOYMENT,
            **_columns(deployment),
            flow_name=spec.flow_name,
            name=deployment.name,
            folded_flow_name=folded(spec.flow_name),
            folded_name=folded(deployment.name),
            create_time=deployment.create_time,
        )
        if inserted:
            await self._add_version(deployment)
            await self._tell(deployment, deployment.revision)
        return bool(inserted)

    async def save(self, deployment: Deployment, *, new_version: bool) -> None:
        written = await self._sql.run(
            texts.SAVE_DEPLOYMENT,
            **_columns(deployment),
            known_revision=deployment.revision - 1,
        )
        _confirm(written, deployment)
        if new_version:
            await self._add_version(deployment)
        await self._tell(deployment, deployment.revision)

    async def page(
        self,
        namespace: str,
        wanted: DeploymentFilter,
        *,
        after: tuple[str, str],
        limit: int,
        view: View,
    ) -> Sequence[Deployment]:
        rows = await self._sql.all(
            texts.WHOLE_DEPLOYMENTS if view is View.FULL else texts.DEPLOYMENTS,
            namespace=namespace,
            flow_names=wanted.flow_names,
            work_pools=wanted.work_pools,
            tags=wanted.tags,
            name_contains=folded(wanted.name_contains),
            after_flow=after[0],
            after_name=after[1],
            limit=limit,
        )
        return [_deployment(row) for row in rows]

    async def count(self, namespace: str, *, work_pool: str, work_queue: str) -> int:
        row = await self._sql.one(
            texts.COUNT_DEPLOYMENTS_OF_POOL,
            namespace=namespace,
            work_pool=work_pool,
            work_queue=work_queue,
        )
        return int(row["count"]) if row else 0

    async def delete(self, deployment: Deployment) -> None:
        deleted = await self._sql.run(
            texts.DELETE_DEPLOYMENT,
            namespace=deployment.namespace,
            id=deployment.id,
            revision=deployment.revision,
        )
        _confirm(deleted, deployment)
        await self._sql.run(
            texts.DELETE_DEPLOYMENT_VERSIONS,
            namespace=deployment.namespace,
            deployment_id=deployment.id,
        )
        await self._tell(deployment, deployment.revision + 1)

    async def _by_name(
        self, namespace: str, flow_name: str, name: str
    ) -> dict[str, Any] | None:
        return await self._sql.one(
            texts.DEPLOYMENT_BY_NAME, namespace=namespace, flow_name=flow_name, name=name
        )

    async def _add_version(self, deployment: Deployment) -> None:
        spec, parameters = spec_to_bytes(deployment.spec)
        await self._sql.run(
            texts.INSERT_DEPLOYMENT_VERSION,
            namespace=deployment.namespace,
            deployment_id=deployment.id,
            version=deployment.version,
            spec=spec,
            parameters=parameters,
            parameter_schema=payload_to_bytes(deployment.parameter_schema),
            create_time=deployment.update_time,
        )

    async def _tell(self, deployment: Deployment, revision: int) -> None:
        change = Change(
            namespace=deployment.namespace,
            kind="deployment",
            resource_id=deployment.id,
            seq=revision,
            create_time=deployment.update_time,
        )
        await self._outbox.append(self._sql, [change])


def _confirm(written: int, deployment: Deployment) -> None:
    if written != 1:
        raise RevisionConflict(
            "somebody else changed the deployment in the meantime: read it again, "
            "then try again",
            deployment_id=str(deployment.id),
        )


def _columns(deployment: Deployment) -> dict[str, Any]:
    """What may change, and the key."""
    return {
        "namespace": deployment.namespace,
        "id": deployment.id,
        "version": deployment.version,
        "work_pool": deployment.spec.work_pool,
        "work_queue": deployment.spec.work_queue,
        "tags": deployment.spec.tags,
        "description": deployment.description,
        "revision": deployment.revision,
        "update_time": deployment.update_time,
    }


def _deployment(row: dict[str, Any]) -> Deployment:
    return Deployment(
        namespace=row["namespace"],
        id=row["id"],
        name=row["name"],
        version=row["version"],
        spec=spec_from_bytes(row["spec"], row.get("parameters", b""), row["tags"]),
        parameter_schema=payload_from_bytes(row.get("parameter_schema", b"")),
        description=row["description"],
        revision=row["revision"],
        create_time=row["create_time"],
        update_time=row["update_time"],
    )
