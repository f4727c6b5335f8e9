"""Failures, from the wire and onto it."""

from penstock.api.type.v1 import failure_pb2
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.times import optional_delay
from penstockd.state.rules.failure import Failure, FailureRecord
from penstockd.state.rules.view import View
from penstockd.state.servicers.values import leave_out_of_failure


def failure_of(message: failure_pb2.Failure, path: str) -> Failure:
    """Raises InvalidArgument for a delay that is out of range."""
    brief = failure_pb2.Failure()
    brief.CopyFrom(message)
    leave_out_of_failure(brief)
    return Failure(
        error_type=message.error_type,
        do_not_retry=message.do_not_retry,
        retry_after=optional_delay(message, "retry_after", f"{path}.retry_after"),
        record=FailureRecord(brief=packed(brief), whole=packed(message)),
    )


def failure_to_proto(record: FailureRecord, view: View) -> failure_pb2.Failure | None:
    """Return a failure, or None when there is none."""
    kept = record.whole if view is View.FULL and record.whole else record.brief
    return failure_pb2.Failure.FromString(kept) if kept else None
