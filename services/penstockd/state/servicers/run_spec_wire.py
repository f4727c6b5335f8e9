"""RunSpec, here alone: what is decided by is read, and all of it is kept as it came."""

from penstock.api.type.v1 import launch_spec_pb2, retry_policy_pb2, run_spec_pb2
from penstockd.chassis.wire.fields import invalid
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.times import delay_from_proto
from penstockd.chassis.wire.unsupported import Unsupported, refuse_unsupported
from penstockd.state.rules.run_spec import RetryPolicy, RunSpec, queue_of

LARGEST_PARAMETERS = 512 * 1024
LARGEST_JITTER = 10
UNSUPPORTED: Unsupported = {
    "name_template": lambda spec: bool(spec.name_template),
    "timeout": lambda spec: spec.HasField("timeout"),
    "priority": lambda spec: spec.priority != 0,
    "resources.slots": lambda spec: spec.resources.slots > 1,
    "resources.cpu_milli": lambda spec: spec.resources.cpu_milli != 0,
    "resources.mem_bytes": lambda spec: spec.resources.mem_bytes != 0,
    "resources.gpu": lambda spec: spec.resources.gpu != 0,
}


def run_spec_of(message: run_spec_pb2.RunSpec, path: str) -> RunSpec:
    """Raises InvalidArgument and NotSupportedYet."""
    refuse_unsupported(message, UNSUPPORTED, path)
    _check(message, path)
    content = run_spec_pb2.RunSpec()
    content.CopyFrom(message)
    content.ClearField("parameters")
    content.work_queue = queue_of(message.work_pool, message.work_queue)
    return RunSpec(
        flow_name=message.flow_name,
        tags=tuple(message.tags),
        labels=dict(message.labels),
        work_pool=content.work_pool,
        work_queue=content.work_queue,
        program=program_of(message.launch),
        retry_policy=_policy(message.retry_policy, f"{path}.retry_policy"),
        content=packed(content),
        parameters=packed(run_spec_pb2.RunSpec(parameters=message.parameters)),
    )


def put_run_spec(message: run_spec_pb2.RunSpec, spec: RunSpec) -> None:
    """Two messages after one another are their union."""
    message.MergeFromString(spec.content)
    message.MergeFromString(spec.parameters)


def program_of(launch: launch_spec_pb2.LaunchSpec) -> str:
    """Return the key by which runs and workers are matched; empty if nobody is to start it."""
    program = launch.WhichOneof("program")
    return f"handler:{launch.handler}" if program == "handler" else program or ""


def _check(message: run_spec_pb2.RunSpec, path: str) -> None:
    inline = sum(len(it.inline) for it in message.parameters.values())
    if inline > LARGEST_PARAMETERS:
        raise invalid(
            f"{path}.parameters",
            f"have {inline:,} bytes inline, but at most {LARGEST_PARAMETERS:,} are "
            "allowed: upload the large ones, and send their digests",
        )
    if not message.flow_name:
        raise invalid(f"{path}.flow_name", "is missing")
    if message.work_queue and not message.work_pool:
        raise invalid(f"{path}.work_queue", "is a queue of a pool, but there is no work_pool")
    if message.work_pool and message.launch.WhichOneof("program") is None:
        raise invalid(
            f"{path}.launch", "must say what to start, because the run waits in a pool"
        )


def _policy(message: retry_policy_pb2.RetryPolicy, path: str) -> RetryPolicy:
    # The embedded engine checks no contract before.
    if message.max_retries < 0:
        raise invalid(f"{path}.max_retries", "must not be negative")
    if not 0 <= message.jitter_factor <= LARGEST_JITTER:
        raise invalid(f"{path}.jitter_factor", f"must be between 0 and {LARGEST_JITTER}")
    return RetryPolicy(
        max_retries=message.max_retries,
        retry_delays=tuple(
            delay_from_proto(it, f"{path}.retry_delays") for it in message.retry_delays
        ),
        jitter_factor=message.jitter_factor,
        retry_on=tuple(message.retry_on),
        no_retry_on=tuple(message.no_retry_on),
    )
