"""penstock.api.type <-> values."""

from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration

from penstock.api.type.v1 import launch_spec_pb2, payload_pb2
from penstock.errors import FieldViolation, InvalidArgument
from penstockd.scheduler.rules.payload import ContentRef, LaunchSpec, Payload


def payload_from_proto(message: payload_pb2.Payload) -> Payload:
    if message.WhichOneof("data") == "content":
        content = ContentRef(sha256=message.content.sha256, size=message.content.size)
        return Payload(content_type=message.content_type, data=content)
    return Payload(content_type=message.content_type, data=message.inline)


def payload_to_proto(payload: Payload) -> payload_pb2.Payload:
    if isinstance(payload.data, bytes):
        return payload_pb2.Payload(content_type=payload.content_type, inline=payload.data)
    content = payload_pb2.ContentRef(sha256=payload.data.sha256, size=payload.data.size)
    return payload_pb2.Payload(content_type=payload.content_type, content=content)


def json_payload(text: str) -> payload_pb2.Payload:
    return payload_pb2.Payload(content_type="application/json", inline=text.encode())


def launch_from_proto(message: launch_spec_pb2.LaunchSpec) -> LaunchSpec:
    return LaunchSpec(
        entrypoint=message.entrypoint,
        interpreter=message.interpreter,
        working_dir=message.working_dir,
        sys_path=tuple(message.sys_path),
        source_digest=message.source_digest,
    )


def launch_to_proto(launch: LaunchSpec) -> launch_spec_pb2.LaunchSpec:
    return launch_spec_pb2.LaunchSpec(
        entrypoint=launch.entrypoint,
        interpreter=launch.interpreter,
        working_dir=launch.working_dir,
        sys_path=launch.sys_path,
        source_digest=launch.source_digest,
    )


def optional_payload(message: Any, field: str) -> Payload | None:
    return payload_from_proto(getattr(message, field)) if message.HasField(field) else None


def optional_time(message: Any, field: str) -> datetime | None:
    if not message.HasField(field):
        return None
    try:
        time: datetime = getattr(message, field).ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise out_of_range(field, error) from None
    return time


def optional_duration(message: Any, field: str) -> timedelta | None:
    if not message.HasField(field):
        return None
    return duration_from_proto(getattr(message, field), field)


def duration_from_proto(message: Duration, field: str) -> timedelta:
    try:
        return message.ToTimedelta()
    except (ValueError, OverflowError) as error:
        raise out_of_range(field, error) from None


def duration_to_proto(duration: timedelta) -> Duration:
    message = Duration()
    message.FromTimedelta(duration)
    return message


def out_of_range(field: str, error: Exception) -> InvalidArgument:
    violation = FieldViolation(field=field, description=str(error))
    return InvalidArgument(f"{field} is out of range: {error}", violation, field=field)
