"""What a worker says of itself and can take, from the wire and onto it."""

from penstock.api.scheduler.v1 import worker_pb2
from penstock.api.type.v1 import launch_spec_pb2, resources_pb2
from penstockd.chassis.wire.fields import invalid
from penstockd.chassis.wire.unsupported import Unsupported, refuse_unsupported
from penstockd.scheduler.rules.worker import WorkerManifest

UNSUPPORTED: Unsupported = {
    "cpu_milli": lambda resources: resources.cpu_milli != 0,
    "mem_bytes": lambda resources: resources.mem_bytes != 0,
    "gpu": lambda resources: resources.gpu != 0,
}
PROGRAMS = {
    launch_spec_pb2.PROGRAM_KIND_PYTHON: "python",
    launch_spec_pb2.PROGRAM_KIND_COMMAND: "command",
}
_PROGRAM_NUMBERS = {name: number for number, name in PROGRAMS.items()}


def slots_in(resources: resources_pb2.Resources, path: str) -> int:
    """Return how many runs fit, at least one. Raises InvalidArgument and NotSupportedYet."""
    refuse_unsupported(resources, UNSUPPORTED, path)
    if resources.slots < 1:
        raise invalid(f"{path}.slots", f"must be at least 1, not {resources.slots}")
    return resources.slots


def manifest_of(message: worker_pb2.WorkerManifest) -> WorkerManifest:
    """Programs that nobody knows are nothing that a run could ask for.

    Raises InvalidArgument and NotSupportedYet.
    """
    if not message.programs and not message.handlers:
        raise invalid("manifest.programs", "say what the worker starts: programs or handlers")
    return WorkerManifest(
        name=message.name,
        work_pool=message.work_pool,
        work_queues=tuple(message.work_queues),
        slots=slots_in(message.capacity, "manifest.capacity"),
        protocol_version=message.protocol_version,
        programs=tuple(PROGRAMS[it] for it in message.programs if it in PROGRAMS),
        handlers=tuple(handler.name for handler in message.handlers),
        execution_address=message.execution_address,
    )


def manifest_to_proto(manifest: WorkerManifest) -> worker_pb2.WorkerManifest:
    return worker_pb2.WorkerManifest(
        name=manifest.name,
        work_pool=manifest.work_pool,
        work_queues=manifest.work_queues,
        capacity=resources_pb2.Resources(slots=manifest.slots),
        protocol_version=manifest.protocol_version,
        programs=[_PROGRAM_NUMBERS[it] for it in manifest.programs],
        handlers=[worker_pb2.HandlerManifest(name=it) for it in manifest.handlers],
        execution_address=manifest.execution_address,
    )
