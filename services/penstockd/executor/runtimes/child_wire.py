"""What a child is told, as the messages of `child.proto`, each behind its size."""

from io import BytesIO

from google.protobuf.message import Message
from google.protobuf.proto import serialize_length_prefixed

from penstock.api.executor.v1.child_pb2 import ChildCancel, ChildJob, ChildOrder
from penstock.api.type.v1 import launch_spec_pb2, lease_ref_pb2, payload_pb2
from penstockd.executor.rules.work import Launch, Payload
from penstockd.executor.runtimes import Cancel, Job

PROTOCOL_VERSION = 1


def job_message(job: Job) -> bytes:
    """Return the first message. The child's own runs get a session of its lease's id."""
    work = job.work
    lease_id = str(work.lease.lease_id)
    message = ChildJob(
        protocol_version=PROTOCOL_VERSION,
        namespace=work.namespace,
        lease=lease_ref_pb2.LeaseRef(lease_id=lease_id, fence=work.lease.fence),
        session_id=lease_id,
        flow_run_id=str(work.flow_run_id),
        flow_run_name=work.flow_run_name,
        flow_name=work.flow_name,
        deployment_id=work.deployment_id,
        deployment_version=work.deployment_version,
        launch=_launch(work.launch),
        attempt=work.attempt,
        traceparent=job.traceparent,
        addresses=job.addresses,
    )
    if work.parameters is not None:
        message.parameters.CopyFrom(_payload(work.parameters))
    return _framed(message)


def order_message(order: Cancel) -> bytes:
    cancel = ChildCancel(message=order.message)
    cancel.grace.FromTimedelta(order.grace)
    return _framed(ChildOrder(cancel=cancel))


def _framed(message: Message) -> bytes:
    framed = BytesIO()
    serialize_length_prefixed(message, framed)
    return framed.getvalue()


def _launch(launch: Launch) -> launch_spec_pb2.LaunchSpec:
    return launch_spec_pb2.LaunchSpec(
        interpreter=launch.interpreter,
        working_dir=launch.working_dir,
        sys_path=launch.sys_path,
        entrypoint=launch.entrypoint,
    )


def _payload(payload: Payload) -> payload_pb2.Payload:
    message = payload_pb2.Payload(content_type=payload.content_type)
    if payload.inline is None:
        message.content.sha256 = payload.sha256
        message.content.size = payload.size
    else:
        message.inline = payload.inline
    return message
