"""RunRef: a run of any kind, where the contract is wider than what is built."""

from uuid import UUID

from penstock.api.type.v1 import run_ref_pb2
from penstock.errors import NotSupportedYet
from penstockd.chassis.wire.fields import invalid, uuid_of
from penstockd.state.rules.run_ref import RunKind, RunRef


def run_ref_of(message: run_ref_pb2.RunRef, field: str) -> RunRef:
    """Raises InvalidArgument."""
    match message.WhichOneof("run"):
        case "flow_run_id":
            flow_run_id = uuid_of(message.flow_run_id, f"{field}.flow_run_id")
            return RunRef(kind=RunKind.FLOW_RUN, id=flow_run_id)
        case "task_run_id":
            task_run_id = uuid_of(message.task_run_id, f"{field}.task_run_id")
            return RunRef(kind=RunKind.TASK_RUN, id=task_run_id)
        case _:
            raise invalid(field, "must name a run")


def flow_run_of(message: run_ref_pb2.RunRef, field: str) -> UUID:
    """Return a run that has a lease. Raises NotSupportedYet for a task run."""
    run = run_ref_of(message, field)
    if run.kind is RunKind.TASK_RUN:
        name = f"{field}.task_run_id"
        raise NotSupportedYet(f"{name}: only flow runs can have leases so far", field=name)
    return run.id
