"""What a child is told, as the messages of `child.proto`, each behind its size."""

from io import BytesIO

from google.protobuf.message import Message
from google.protobuf.proto import serialize_length_prefixed

from penstock.api.executor.v1.child_pb2 import ChildCancel, ChildJob, ChildOrder
from penstock.api.scheduler.v1.work_service_pb2 import Work
from penstockd.executor.runtimes import Cancel, Job

PROTOCOL_VERSION = 1


def job_message(job: Job) -> bytes:
    """Return the first message. The child's own runs get a session of its lease's id."""
    work = Work.FromString(job.work.content)
    message = ChildJob(
        protocol_version=PROTOCOL_VERSION,
        lease=work.lease,
        session_id=work.lease.lease_ref.lease_id,
        spec=work.spec,
        flow_run_name=work.flow_run_name,
        deployment_id=work.deployment_id,
        deployment_version=work.deployment_version,
        traceparent=job.traceparent,
        addresses=job.addresses,
    )
    return _framed(message)


def order_message(order: Cancel) -> bytes:
    cancel = ChildCancel(message=order.message)
    cancel.grace.FromTimedelta(order.grace)
    return _framed(ChildOrder(cancel=cancel))


def _framed(message: Message) -> bytes:
    framed = BytesIO()
    serialize_length_prefixed(message, framed)
    return framed.getvalue()
