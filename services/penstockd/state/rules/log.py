"""The lines that runs write: which of them are new, and when there are no more to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from penstockd.state.rules.ownership import LeaseRef

# How long after its end a run whose sources do not say that they ended may still write.
LATE_LINES = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """`offset` counts the lines of a source; `attempt` is that of the flow run."""

    offset: int
    time: datetime
    level: int
    logger: str
    message: str
    task_run_id: UUID | None = None
    attempt: int = 0


class LastOwner(NamedTuple):
    """Who owns a run, or owned it last; whoever took it from an owner raised the fence."""

    lease_id: UUID | None
    fence: int
    owned: bool
    attempt: int

    def shown_by(self, ref: LeaseRef) -> bool:
        """Whether the lease is the current one, or the last one of a run without an owner."""
        if self.lease_id != ref.lease_id:
            return False
        return self.fence == ref.fence or (not self.owned and self.fence == ref.fence + 1)


class Source(NamedTuple):
    """How far one writer of lines has come under a lease."""

    acknowledged: int = 0
    ended: bool = False


class Gap(NamedTuple):
    """Lines are missing; this one comes next."""

    expected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogHead:
    """Where a flow run's log is: the sources are those of its last lease, if it had one."""

    last_position: int
    end_time: datetime | None
    handed_out: bool
    sources: int
    open_sources: int


def unknown_lines(lines: Sequence[LogLine], acknowledged: int) -> Sequence[LogLine] | Gap:
    """Return the lines that are not kept yet: they follow on what is, without a gap."""
    fresh: list[LogLine] = []
    following = acknowledged + 1
    for line in lines:
        if line.offset > following:
            return Gap(acknowledged + 1)
        if line.offset == following:
            fresh.append(line)
            following += 1
    return fresh


def is_complete(head: LogHead, now: datetime) -> bool:
    """Return whether no line follows: the run is over, and whoever wrote has said so."""
    if head.end_time is None:
        return False
    if not head.handed_out or now - head.end_time >= LATE_LINES:
        return True
    return head.sources > 0 and head.open_sources == 0
