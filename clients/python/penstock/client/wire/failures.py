"""Failures as messages carry them, and the exceptions that they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from penstock.api.type.v1 import failure_pb2
from penstock.client.wire.payloads import inline, value_of
from penstock.client.wire.times import duration_of

if TYPE_CHECKING:
    # Who reads of runs needs nothing that makes a failure of an exception.
    from penstock.failures.failure import Failure


def failure_message(failure: Failure) -> failure_pb2.Failure:
    message = failure_pb2.Failure(
        error_type=failure.error_type,
        message=failure.message,
        stack=failure.stack,
        language=failure.language,
        do_not_retry=failure.do_not_retry,
        causes=[
            failure_pb2.FailureCause(
                error_type=cause.error_type, message=cause.message, stack=cause.stack
            )
            for cause in failure.causes
        ],
        inputs=failure.inputs,
    )
    if failure.retry_after is not None:
        message.retry_after.CopyFrom(duration_of(failure.retry_after))
    if failure.data is not None:
        message.data.CopyFrom(inline(failure.data))
    return message


def error_of(message: failure_pb2.Failure) -> BaseException | None:
    """Return the exception itself; nothing if it cannot be made here."""
    if message.data.WhichOneof("data") != "inline":
        return None
    try:
        error = value_of(message.data, message.data.inline)
    except Exception:  # noqa: BLE001 - unpickling runs foreign code, which raises anything
        return None
    return error if isinstance(error, BaseException) else None
