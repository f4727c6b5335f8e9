"""What a request needs beyond its rules, so that a service does more than refuse it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from random import Random
from typing import Any

from fuzz import texts
from fuzz.messages import new_id

POOL = "local-pool"
SCRIPT = 2  # SESSION_KIND_SCRIPT
RUNNING, COMPLETED, FAILED = 3, 4, 5  # STATE_TYPE_…


def make_sense(request: Any, random: Random) -> None:
    """Change the request of those RPCs that hardly anything random gets through."""
    change = _CHANGES.get(request.DESCRIPTOR.name)
    if change is not None and random.random() < 0.7:
        change(request, random)


def _with_schema(request: Any, random: Random) -> None:
    request.parameter_schema.Clear()
    request.parameter_schema.content_type = "application/json"
    request.parameter_schema.inline = random.choice(texts.SCHEMAS)
    request.expected_revision = 0
    request.spec.work_pool = POOL
    request.spec.work_queue = ""
    request.spec.launch.handler = "a"
    request.namespace = "default"


def _with_parameters(request: Any, random: Random) -> None:
    """Names that the schemas have."""
    for name in ("a", "b"):
        request.parameters[name].content_type = "application/json"
        request.parameters[name].inline = random.choice(texts.DOCUMENTS)


def _with_digest(request: Any, random: Random) -> None:
    request.content_ref.sha256 = sha256(request.chunk).digest()
    request.content_ref.size = len(request.chunk)
    request.offset = 0


def _in_a_pool(request: Any, random: Random) -> None:
    request.manifest.work_pool = POOL
    request.manifest.protocol_version = 1
    request.manifest.capacity.slots = random.choice((1, 2, 10_000))
    if not request.manifest.programs:
        request.manifest.handlers.add(name="a")


def _from_the_start(request: Any, random: Random) -> None:
    request.first_sequence = 1


def _lines_in_order(request: Any, random: Random) -> None:
    if not request.lines:
        request.lines.add(message="a").time.seconds = 1_795_000_000
    for offset, line in enumerate(request.lines, 1):
        line.offset = offset


def _with_its_outcome(request: Any, random: Random) -> None:
    request.expected_revision = 0
    state = random.choice((RUNNING, RUNNING, COMPLETED, FAILED))
    request.to_state.state_type = state
    if state != COMPLETED:
        request.ClearField("result_id")
    if state != FAILED:
        request.ClearField("failure")


def _of_a_type_that_is_there(request: Any, random: Random) -> None:
    request.pool_type = "process"


def _of_a_script(request: Any, random: Random) -> None:
    """Sessions of other kinds belong to programs beside the store, and to executors."""
    request.kind = SCRIPT


def _claimed(request: Any, random: Random) -> None:
    """A run of its own, whose lease later requests can show."""
    for field in ("parent_flow_run_id", "parent_task_run_id", "deployment_id"):
        request.ClearField(field)
    request.spec.work_pool = request.spec.work_queue = ""
    request.claim.session_id = request.claim.session_id or new_id(random)
    request.claim.kind = SCRIPT


_CHANGES: Mapping[str, Callable[[Any, Random], None]] = {
    "CreateWorkPoolRequest": _of_a_type_that_is_there,
    "OpenWorkerSessionRequest": _of_a_script,
    "CreateFlowRunRequest": _claimed,
    "ApplyDeploymentRequest": _with_schema,
    "RunDeploymentRequest": _with_parameters,
    "UploadChunkRequest": _with_digest,
    "RegisterRequest": _in_a_pool,
    "AppendLogsRequest": _lines_in_order,
    "TransitionFlowRunRequest": _with_its_outcome,
    "AppendJournalRequest": _from_the_start,
}
