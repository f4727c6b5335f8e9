"""The SQL implementation: deployments and their versions."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from penstock.errors import DeploymentNotFound, RevisionConflict
from penstockd.database import Sql
from penstockd.database.change_feed import Change, Outbox
from penstockd.scheduler.rules.deployment import Deployment, DeploymentRef, DeploymentSpec
from penstockd.scheduler.rules.launch import LaunchSpec
from penstockd.scheduler.store.statement_texts import deployment as texts

_MICROSECOND = timedelta(microseconds=1)


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
                f"no deployment {ref} in {namespace}: `penstock deployment ls` shows them",
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
        inserted = await self._sql.run(
            texts.INSERT_DEPLOYMENT,
            namespace=deployment.namespace,
            id=deployment.id,
            flow_name=deployment.flow_name,
            name=deployment.name,
            version=deployment.version,
            create_time=deployment.create_time,
        )
        if inserted:
            await self._add_version(deployment)
        return bool(inserted)

    async def save(self, deployment: Deployment) -> None:
        # Compare-and-swap: the row still holds the version that the rule saw.
        written = await self._sql.run(
            texts.SET_DEPLOYMENT_VERSION,
            namespace=deployment.namespace,
            deployment_id=deployment.id,
            version_before=deployment.version - 1,
            version_now=deployment.version,
        )
        if written != 1:
            raise RevisionConflict(
                "the deployment got another version meanwhile: read it and decide anew",
                deployment_id=str(deployment.id),
            )
        await self._add_version(deployment)

    async def page(
        self, namespace: str, flow_name: str, *, after: tuple[str, str], limit: int
    ) -> Sequence[Deployment]:
        after_flow, after_name = after
        rows = await self._sql.all(
            texts.DEPLOYMENTS,
            namespace=namespace,
            of_flow=flow_name,
            after_flow=after_flow,
            after_name=after_name,
            limit=limit,
        )
        return [_deployment(row) for row in rows]

    async def _by_name(
        self, namespace: str, flow_name: str, name: str
    ) -> dict[str, Any] | None:
        return await self._sql.one(
            texts.DEPLOYMENT_BY_NAME, namespace=namespace, flow_name=flow_name, name=name
        )

    async def _add_version(self, deployment: Deployment) -> None:
        await self._sql.run(
            texts.INSERT_DEPLOYMENT_VERSION,
            namespace=deployment.namespace,
            deployment_id=deployment.id,
            version=deployment.version,
            update_time=deployment.update_time,
            **_spec_columns(deployment.spec),
        )
        change = Change(
            namespace=deployment.namespace,
            kind="deployment",
            resource_id=deployment.id,
            seq=deployment.version,
            create_time=deployment.update_time,
        )
        await self._outbox.append(self._sql, [change])


def _spec_columns(spec: DeploymentSpec) -> dict[str, Any]:
    columns = asdict(spec)
    columns |= columns.pop("launch")
    columns["retry_delays"] = [delay // _MICROSECOND for delay in spec.retry_delays]
    return columns


def _deployment(row: dict[str, Any]) -> Deployment:
    deployment_id: UUID = row["id"]
    return Deployment(
        namespace=row["namespace"],
        id=deployment_id,
        flow_name=row["flow_name"],
        name=row["name"],
        version=row["version"],
        spec=_spec(row),
        create_time=row["create_time"],
        update_time=row["update_time"],
    )


def _spec(row: dict[str, Any]) -> DeploymentSpec:
    return DeploymentSpec(
        launch=LaunchSpec(
            entrypoint=row["entrypoint"],
            interpreter=row["interpreter"],
            working_dir=row["working_dir"],
            sys_path=tuple(row["sys_path"]),
            source_digest=row["source_digest"],
        ),
        flow_version=row["flow_version"],
        work_pool=row["work_pool"],
        work_queue=row["work_queue"],
        parameters=row["parameters"],
        parameter_schema=row["parameter_schema"],
        tags=tuple(row["tags"]),
        description=row["description"],
        max_retries=row["max_retries"],
        retry_delays=tuple(timedelta(microseconds=each) for each in row["retry_delays"]),
    )
