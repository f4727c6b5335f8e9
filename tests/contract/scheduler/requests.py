"""Requests to the scheduler, whole ones that a test changes where it matters."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from google.protobuf.duration_pb2 import Duration

from penstock.api.scheduler.v1 import (
    deployment_pb2,
    deployment_service_pb2,
    work_pool_service_pb2,
    work_service_pb2,
    worker_pb2,
)
from penstock.api.type.v1 import launch_spec_pb2, payload_pb2
from unit.scheduler.builders import an_id

HOME = "home"


def json_payload(text: str) -> payload_pb2.Payload:
    return payload_pb2.Payload(content_type="application/json", inline=text.encode())


def a_pool(name: str = "local", **changes: Any) -> work_pool_service_pb2.CreateWorkPoolRequest:
    fields: dict[str, Any] = {"request_id": str(an_id()), "namespace": HOME, "name": name}
    return work_pool_service_pb2.CreateWorkPoolRequest(
        **{**fields, "type": "process", **changes}
    )


def a_queue(
    name: str = "urgent", **changes: Any
) -> work_pool_service_pb2.CreateWorkQueueRequest:
    fields: dict[str, Any] = {"request_id": str(an_id()), "namespace": HOME, "name": name}
    return work_pool_service_pb2.CreateWorkQueueRequest(
        **{**fields, "work_pool": "local", "priority": 1, **changes}
    )


def a_spec(**changes: Any) -> deployment_pb2.DeploymentSpec:
    launch = launch_spec_pb2.LaunchSpec(
        entrypoint="flows/spring.py:spring", working_dir="/flows", sys_path=["/flows"]
    )
    return deployment_pb2.DeploymentSpec(**{"launch": launch, "work_pool": "local", **changes})


def an_apply(
    *, name: str = "daily", flow_name: str = "spring", spec: Any = None, **changes: Any
) -> deployment_service_pb2.ApplyDeploymentRequest:
    fields: dict[str, Any] = {"request_id": str(an_id()), "namespace": HOME}
    return deployment_service_pb2.ApplyDeploymentRequest(
        **{
            **fields,
            "flow_name": flow_name,
            "name": name,
            "spec": spec or a_spec(),
            **changes,
        }
    )


def by_name(name: str = "spring/daily") -> deployment_pb2.DeploymentRef:
    return deployment_pb2.DeploymentRef(name=name)


def a_run(
    name: str = "spring/daily", **changes: Any
) -> deployment_service_pb2.RunDeploymentRequest:
    fields: dict[str, Any] = {"request_id": str(an_id()), "namespace": HOME}
    return deployment_service_pb2.RunDeploymentRequest(
        **{**fields, "deployment": by_name(name), **changes}
    )


def a_registration(
    worker_id: UUID | None = None, **changes: Any
) -> work_service_pb2.RegisterRequest:
    manifest = worker_pb2.WorkerManifest(
        **{
            "name": "host:7",
            "work_pool": "local",
            "slots": 4,
            "protocol_version": 1,
            **changes,
        }
    )
    return work_service_pb2.RegisterRequest(
        namespace=HOME, worker_id=str(worker_id or an_id()), manifest=manifest
    )


def a_poll(
    worker_id: str,
    *,
    slots: int = 1,
    wait: timedelta = timedelta(seconds=20),
    **changes: Any,
) -> work_service_pb2.AcquireRequest:
    waits = Duration()
    waits.FromTimedelta(wait)
    fields: dict[str, Any] = {"request_id": str(an_id()), "namespace": HOME}
    return work_service_pb2.AcquireRequest(
        **{
            **fields,
            "worker_id": worker_id,
            "credits": work_service_pb2.Credits(slots=slots),
            "wait": waits,
            **changes,
        }
    )
