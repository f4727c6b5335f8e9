"""Requests to the scheduler, whole ones that a test changes where it matters."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from google.protobuf.duration_pb2 import Duration

from penstock.api.scheduler.v1 import (
    deployment_pb2,
    deployment_service_pb2,
    work_pool_pb2,
    work_pool_service_pb2,
    work_service_pb2,
    worker_pb2,
)
from penstock.api.type.v1 import launch_spec_pb2, payload_pb2, resources_pb2
from unit.scheduler.builders import a_spec_message, an_id

HOME = "home"
PYTHON = launch_spec_pb2.PROGRAM_KIND_PYTHON


def json_payload(text: str, **changes: Any) -> payload_pb2.Payload:
    return payload_pb2.Payload(content_type="application/json", inline=text.encode(), **changes)


def a_pickle(data: bytes = b"\x80") -> payload_pb2.Payload:
    return payload_pb2.Payload(content_type="application/x-cloudpickle", inline=data)


def pool_ref(name: str = "local") -> work_pool_pb2.WorkPoolRef:
    return work_pool_pb2.WorkPoolRef(name=name)


def a_pool(name: str = "local", **changes: Any) -> work_pool_service_pb2.CreateWorkPoolRequest:
    fields: dict[str, Any] = {"request_id": str(an_id()), "namespace": HOME, "name": name}
    return work_pool_service_pb2.CreateWorkPoolRequest(
        **{**fields, "pool_type": "process", **changes}
    )


def a_queue(
    name: str = "urgent", **changes: Any
) -> work_pool_service_pb2.CreateWorkQueueRequest:
    fields: dict[str, Any] = {"request_id": str(an_id()), "namespace": HOME, "name": name}
    return work_pool_service_pb2.CreateWorkQueueRequest(
        **{**fields, "work_pool": pool_ref(), "priority": 1, **changes}
    )


def get_pool(ref: work_pool_pb2.WorkPoolRef) -> work_pool_service_pb2.GetWorkPoolRequest:
    return work_pool_service_pb2.GetWorkPoolRequest(namespace=HOME, work_pool=ref)


def a_pool_deletion(
    ref: work_pool_pb2.WorkPoolRef | None = None,
) -> work_pool_service_pb2.DeleteWorkPoolRequest:
    return work_pool_service_pb2.DeleteWorkPoolRequest(
        request_id=str(an_id()), namespace=HOME, work_pool=ref or pool_ref()
    )


def a_queue_deletion(name: str = "urgent") -> work_pool_service_pb2.DeleteWorkQueueRequest:
    return work_pool_service_pb2.DeleteWorkQueueRequest(
        request_id=str(an_id()), namespace=HOME, work_pool=pool_ref(), name=name
    )


def an_apply(
    *, name: str = "daily", spec: Any = None, **changes: Any
) -> deployment_service_pb2.ApplyDeploymentRequest:
    fields: dict[str, Any] = {"request_id": str(an_id()), "namespace": HOME}
    return deployment_service_pb2.ApplyDeploymentRequest(
        **{**fields, "name": name, "spec": spec or a_spec_message(), **changes}
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


def a_deletion(
    name: str = "spring/daily", **changes: Any
) -> deployment_service_pb2.DeleteDeploymentRequest:
    fields: dict[str, Any] = {"request_id": str(an_id()), "namespace": HOME}
    return deployment_service_pb2.DeleteDeploymentRequest(
        **{**fields, "deployment": by_name(name), **changes}
    )


def handlers(*names: str) -> list[worker_pb2.HandlerManifest]:
    return [worker_pb2.HandlerManifest(name=name) for name in names]


def a_registration(
    worker_id: UUID | None = None, *, held: Any = (), **changes: Any
) -> work_service_pb2.RegisterRequest:
    manifest = worker_pb2.WorkerManifest(
        **{
            "name": "host:7",
            "work_pool": "local",
            "capacity": resources_pb2.Resources(slots=4),
            "protocol_version": 1,
            "programs": [PYTHON],
            **changes,
        }
    )
    return work_service_pb2.RegisterRequest(
        namespace=HOME, worker_id=str(worker_id or an_id()), manifest=manifest, held=held
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
            "free": resources_pb2.Resources(slots=slots),
            "wait": waits,
            **changes,
        }
    )
