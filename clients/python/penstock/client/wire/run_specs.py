"""What is said of a run before it exists: the only place that makes a RunSpec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from penstock.api.type.v1 import run_spec_pb2
from penstock.api.type.v1.launch_spec_pb2 import LaunchSpec, PythonProgram
from penstock.api.type.v1.payload_pb2 import Payload
from penstock.api.type.v1.retry_policy_pb2 import RetryPolicy
from penstock.client.wire.times import duration

if TYPE_CHECKING:
    from penstock.declarations import FlowDeclaration
    from penstock.payloads.values import EncodedPayload


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How the code of a flow is found and started."""

    interpreter: str
    working_dir: str
    sys_path: Sequence[str]
    entrypoint: str
    source_digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """What is to run, and where."""

    flow_name: str
    flow_version: str
    tags: Sequence[str]
    parameters: Mapping[str, EncodedPayload]
    max_retries: int
    retry_delays: Sequence[float]
    launch: Launch | None = None
    work_pool: str = ""
    work_queue: str = ""


def spec_of(
    flow: FlowDeclaration,
    parameters: Mapping[str, EncodedPayload],
    *,
    tags: Iterable[str],
    version: str = "",
) -> RunSpec:
    """Return what a flow says of its runs."""
    return RunSpec(
        flow_name=flow.name,
        flow_version=version or flow.options.version or "",
        tags=sorted(tags),
        parameters=parameters,
        max_retries=flow.options.retries,
        retry_delays=flow.options.delays,
    )


def spec_message(spec: RunSpec, parameters: Mapping[str, Payload]) -> run_spec_pb2.RunSpec:
    """Return the message; large parameters are uploaded by then."""
    return run_spec_pb2.RunSpec(
        flow_name=spec.flow_name,
        flow_version=spec.flow_version,
        tags=spec.tags,
        parameters=parameters,
        retry_policy=RetryPolicy(
            max_retries=spec.max_retries,
            retry_delays=[duration(seconds) for seconds in spec.retry_delays],
        ),
        launch=None if spec.launch is None else _launch(spec.launch),
        work_pool=spec.work_pool,
        work_queue=spec.work_queue,
    )


def _launch(launch: Launch) -> LaunchSpec:
    return LaunchSpec(
        python=PythonProgram(
            interpreter=launch.interpreter,
            working_dir=launch.working_dir,
            sys_path=launch.sys_path,
            entrypoint=launch.entrypoint,
        ),
        source_digest=launch.source_digest,
    )
