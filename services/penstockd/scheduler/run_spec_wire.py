"""RunSpec, here alone: what is decided by is read, and all of it is kept as it came."""

from collections.abc import Sequence

from penstock.api.type.v1 import launch_spec_pb2, payload_pb2, run_spec_pb2
from penstockd.chassis.payload import Payload
from penstockd.chassis.wire.fields import invalid
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.payloads import payload_from_proto, payload_to_proto
from penstockd.chassis.wire.times import delay_from_proto
from penstockd.chassis.wire.unsupported import Unsupported, refuse_unsupported
from penstockd.scheduler.rules.run_spec import DEFAULT_QUEUE, RunSpec
from penstockd.scheduler.rules.worker import handler_key

UNSUPPORTED: Unsupported = {
    "name_template": lambda spec: bool(spec.name_template),
    "timeout": lambda spec: spec.HasField("timeout"),
    "priority": lambda spec: spec.priority != 0,
    "resources.slots": lambda spec: spec.resources.slots > 1,
    "resources.cpu_milli": lambda spec: spec.resources.cpu_milli != 0,
    "resources.mem_bytes": lambda spec: spec.resources.mem_bytes != 0,
    "resources.gpu": lambda spec: spec.resources.gpu != 0,
}


def deployable_spec_of(message: run_spec_pb2.RunSpec, path: str) -> RunSpec:
    """Return a spec that can be run elsewhere. Raises InvalidArgument and NotSupportedYet."""
    refuse_unsupported(message, UNSUPPORTED, path)
    if message.launch.WhichOneof("program") is None:
        raise invalid(f"{path}.launch", "must say what to start")
    if not message.work_pool:
        raise invalid(
            f"{path}.work_pool", "must name the work pool in which runs wait for a worker"
        )
    # The embedded engine checks no contract before.
    for delay in message.retry_policy.retry_delays:
        delay_from_proto(delay, f"{path}.retry_policy.retry_delays")
    return run_spec_of(message)


def run_spec_of(message: run_spec_pb2.RunSpec) -> RunSpec:
    content = run_spec_pb2.RunSpec()
    content.CopyFrom(message)
    for field in ("tags", "labels", "parameters"):
        content.ClearField(field)
    content.work_queue = message.work_queue or DEFAULT_QUEUE
    return RunSpec(
        flow_name=message.flow_name,
        work_pool=message.work_pool,
        work_queue=content.work_queue,
        tags=tuple(message.tags),
        labels=dict(message.labels),
        parameters={
            name: payload_from_proto(each) for name, each in message.parameters.items()
        },
        content=packed(content),
    )


def put_run_spec(message: run_spec_pb2.RunSpec, spec: RunSpec) -> None:
    message.MergeFromString(spec.content)
    message.tags.extend(spec.tags)
    message.labels.update(spec.labels)
    for name, payload in spec.parameters.items():
        message.parameters[name].CopyFrom(payload_to_proto(payload))


def spec_to_bytes(spec: RunSpec) -> tuple[bytes, bytes]:
    """Return what is kept of a version: all but its tags and parameters, and these alone."""
    message = run_spec_pb2.RunSpec()
    put_run_spec(message, spec)
    parameters = packed(run_spec_pb2.RunSpec(parameters=message.parameters))
    message.ClearField("parameters")
    message.ClearField("tags")
    return packed(message), parameters


def spec_from_bytes(spec: bytes, parameters: bytes, tags: Sequence[str]) -> RunSpec:
    """Two messages after one another are their union."""
    message = run_spec_pb2.RunSpec.FromString(spec + parameters)
    message.tags.extend(tags)
    return run_spec_of(message)


def payload_to_bytes(payload: Payload | None) -> bytes:
    """Return no bytes for no payload: a payload has some."""
    return packed(payload_to_proto(payload)) if payload else b""


def payload_from_bytes(data: bytes) -> Payload | None:
    return payload_from_proto(payload_pb2.Payload.FromString(data)) if data else None


def program_of(launch: launch_spec_pb2.LaunchSpec) -> str:
    """Return the key by which runs and workers are matched; empty when nobody starts it."""
    program = launch.WhichOneof("program")
    return handler_key(launch.handler) if program == "handler" else program or ""
