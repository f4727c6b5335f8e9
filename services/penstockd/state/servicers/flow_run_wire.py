"""Flow runs, filters and counts, from the wire and onto it."""

from collections.abc import Mapping
from typing import Any

from penstock.api.state.v1 import flow_run_filter_pb2, flow_run_pb2
from penstock.api.type.v1 import actor_pb2, time_range_pb2
from penstockd.chassis.wire.fields import invalid, text_of, uuid_of
from penstockd.chassis.wire.times import optional_time, put_time
from penstockd.state.rules.actor import Actor
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.flow_run_filter import FlowRunFilter, TimeRange
from penstockd.state.rules.view import View
from penstockd.state.servicers.failure_wire import failure_to_proto
from penstockd.state.servicers.run_spec_wire import put_run_spec
from penstockd.state.servicers.values import (
    STATE_NUMBERS,
    cause_number,
    put_state,
    state_type_of,
    tag_filter_of,
)
from penstockd.state.store.ports.flow_run import FlowRunCount, FlowRunGroup

GROUPS: Mapping[int, FlowRunGroup] = {
    flow_run_filter_pb2.FlowRunGroup.Value(f"FLOW_RUN_GROUP_{it}"): it for it in FlowRunGroup
}


def flow_run_to_proto(run: FlowRun, view: View = View.FULL) -> flow_run_pb2.FlowRun:
    message = flow_run_pb2.FlowRun(
        id=str(run.id),
        namespace=run.namespace,
        name=run.name,
        flow_id=str(run.flow_id),
        parent_flow_run_id=text_of(run.parent_flow_run_id),
        parent_task_run_id=text_of(run.parent_task_run_id),
        root_flow_run_id=str(run.root_flow_run_id),
        deployment_id=text_of(run.deployment_id),
        deployment_version=run.deployment_version,
        attempt=run.attempt,
        attempt_cause=cause_number(run.attempt_cause),
        epoch=run.epoch,
        revision=run.revision,
        creator=actor_to_proto(run.creator),
        result_id=text_of(run.result_id),
        failure=failure_to_proto(run.failure, view),
        traceparent=run.traceparent,
        session_id=text_of(run.ownership.session_id),
    )
    put_run_spec(message.spec, run.spec)
    if view is View.BASIC:
        message.spec.ClearField("parameters")
    put_state(message.state, run.state)
    put_time(message.create_time, run.create_time)
    put_time(message.expected_start_time, run.expected_start_time)
    put_time(message.start_time, run.start_time)
    put_time(message.end_time, run.end_time)
    return message


def actor_to_proto(actor: Actor) -> actor_pb2.Actor:
    kind = actor_pb2.ActorKind.Value(f"ACTOR_KIND_{actor.kind}")
    return actor_pb2.Actor(kind=kind, id=actor.id)


def filter_of(message: flow_run_filter_pb2.FlowRunFilter) -> FlowRunFilter:
    """Raises InvalidArgument, which names the field."""
    return FlowRunFilter(
        flow_run_ids=_ids(message, "flow_run_ids"),
        flow_names=tuple(message.flow_names),
        deployment_ids=_ids(message, "deployment_ids"),
        state_types=tuple(
            state_type_of(it, "filter.state_types") for it in message.state_types
        ),
        state_names=tuple(message.state_names),
        work_pools=tuple(message.work_pools),
        work_queues=tuple(message.work_queues),
        tags=tag_filter_of(message.tags),
        labels=dict(message.labels),
        name_contains=message.name_contains,
        create_time=_range(message, "create_time"),
        expected_start_time=_range(message, "expected_start_time"),
        start_time=_range(message, "start_time"),
        end_time=_range(message, "end_time"),
        parent_flow_run_ids=_ids(message, "parent_flow_run_ids"),
        root_flow_run_ids=_ids(message, "root_flow_run_ids"),
    )


def group_of(number: int) -> FlowRunGroup:
    try:
        return GROUPS[number]
    except KeyError:
        raise invalid("group_by", f"{number} is not a valid group") from None


def count_to_proto(count: FlowRunCount) -> flow_run_filter_pb2.FlowRunCount:
    message = flow_run_filter_pb2.FlowRunCount(
        count=count.count,
        state_name=count.state_name,
        flow_name=count.flow_name,
        deployment_id=text_of(count.deployment_id),
        work_pool=count.work_pool,
        work_queue=count.work_queue,
    )
    if count.state_type is not None:
        message.state_type = STATE_NUMBERS[count.state_type]
    put_time(message.bucket_start_time, count.bucket_start_time)
    return message


def _ids(message: Any, field: str) -> Any:
    return tuple(uuid_of(it, f"filter.{field}") for it in getattr(message, field))


def _range(message: Any, field: str) -> TimeRange | None:
    if not message.HasField(field):
        return None
    span: time_range_pb2.TimeRange = getattr(message, field)
    start, end = (optional_time(span, it, f"filter.{field}.{it}") for it in ("start", "end"))
    return TimeRange(start=start, end=end)
