"""Runs one leased flow run in this process, whatever its code turns out to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock import connection
from penstock.api.type.v1.payload_pb2 import ContentRef, Payload
from penstock.child import tracebacks
from penstock.child.entrypoint import EntrypointNotFound, enter_folder, load
from penstock.child.orders import Job, Orders
from penstock.engine.cancelling import CancelToken
from penstock.engine.leased import Lease, run_leased
from penstock.engine.wire_runs import Services
from penstock.flows import Flow, flow
from penstock.states import StateType

COMPLETED, NOT_COMPLETED = 0, 1


def run(job: Job, orders: Orders) -> int:
    """Return the exit code of the process; the run's state is recorded by then."""
    token = CancelToken()
    orders.listen(token.cancel)
    parameters: Mapping[str, Any] = {}
    try:
        enter_folder(job.working_dir)
        found = _flow(job)
        parameters = _parameters(job)
    except (Exception, SystemExit) as error:
        # The run must say why it could not begin: it fails, as if the flow had raised this.
        tracebacks.show(error)
        found = _raising(error, job.flow_name)
    state = run_leased(
        found,
        lease=Lease(
            namespace=job.namespace,
            flow_run_id=job.flow_run_id,
            lease_id=job.lease_id,
            fence=job.fence,
            session_id=job.session_id,
            attempt=job.attempt,
        ),
        parameters=dict(parameters),
        traceparent=job.traceparent,
        cancel=token,
    )
    return COMPLETED if state.type is StateType.COMPLETED else NOT_COMPLETED


def _flow(job: Job) -> Flow[Any, Any]:
    found = load(job.entrypoint, job.sys_path)
    if not isinstance(found, Flow):
        raise EntrypointNotFound(
            f"{job.entrypoint} is a {type(found).__name__}, not a flow: "
            "put @flow above the function"
        )
    return found


def _parameters(job: Job) -> Mapping[str, Any]:
    payload = Payload(content_type=job.content_type)
    if job.inline is None:
        payload.content.CopyFrom(ContentRef(sha256=job.sha256, size=job.size))
    else:
        payload.inline = job.inline
    opened = connection.current()
    value: Mapping[str, Any] = opened.loop.run(Services(opened).value(payload))
    return value


def _raising(error: BaseException, flow_name: str) -> Flow[Any, Any]:
    @flow(name=flow_name)
    def could_not_begin(**_: object) -> None:
        raise error

    return could_not_begin
