"""Golden vectors as values: what is stored, and what the rules make of a request."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from google.protobuf.json_format import MessageToDict, ParseDict

from builders import a_flow_run, a_state
from penstock.api.state.v1 import flow_run_pb2, flow_run_service_pb2, task_run_pb2
from penstockd.chassis.wire.fields import optional_uuid
from penstockd.chassis.wire.times import duration_from_proto, optional_time, time_from_proto
from penstockd.state.rules.flow_run import FlowRun, RetryPolicy
from penstockd.state.rules.state import State
from penstockd.state.servicers.values import CAUSES, STATE_TYPES, lease_ref_of

VECTORS = Path(__file__).parents[3] / "proto/vectors"


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text())["cases"]
    return found


def state_of(message: Any) -> State:
    return a_state(
        STATE_TYPES[message.type],
        name=message.name,
        time=time_from_proto(message.time, "time"),
        scheduled_time=optional_time(message, "scheduled_time"),
    )


def stored_run(case: dict[str, Any]) -> FlowRun:
    message = ParseDict(case["stored"], flow_run_pb2.FlowRun())
    request = ParseDict(case["request"], flow_run_service_pb2.TransitionFlowRunRequest())
    lease = lease_ref_of(request.lease, "lease") if request.HasField("lease") else None
    policy = message.retry_policy
    return a_flow_run(
        namespace=message.namespace,
        id=UUID(message.id),
        name=message.name,
        flow_id=UUID(message.flow_id),
        flow_name=message.flow_name,
        root_flow_run_id=UUID(message.root_flow_run_id),
        state=state_of(message.state),
        attempt=message.attempt,
        attempt_cause=CAUSES.get(message.attempt_cause),
        fence=message.fence,
        revision=message.revision,
        create_time=time_from_proto(message.create_time, "create_time"),
        expected_start_time=time_from_proto(message.expected_start_time, "expected_start_time"),
        start_time=optional_time(message, "start_time"),
        end_time=optional_time(message, "end_time"),
        session_id=optional_uuid(message.session_id, "session_id"),
        retry_policy=RetryPolicy(
            max_retries=policy.max_retries,
            retry_delays=tuple(duration_from_proto(it, "delay") for it in policy.retry_delays),
        ),
        owned=case["owned"],
        lease_id=lease.lease_id if lease else None,
    )


def as_dict(message: Any) -> dict[str, Any]:
    found: dict[str, Any] = MessageToDict(message)
    return found


def stored_task_run(case: dict[str, Any]) -> task_run_pb2.TaskRun | None:
    if "stored" not in case:
        return None
    return ParseDict(case["stored"], task_run_pb2.TaskRun())
