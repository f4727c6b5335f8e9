"""What was started for one lease of a run, from its hand-out to its end."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from penstockd.executor.rules.work import LeaseRef


class ExecutionPhase(StrEnum):
    STARTING = "STARTING"
    RUNNING = "RUNNING"
    STOPPING = "STOPPING"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """`incarnation` identifies one start of an executor. Only its runtime reads the handle."""

    lease: LeaseRef
    namespace: str
    flow_run_id: UUID
    incarnation: UUID
    runtime: str
    start_time: datetime
    phase: ExecutionPhase = ExecutionPhase.STARTING
    handle: str = ""
    exit_code: int | None = None
    message: str = ""
    end_time: datetime | None = None
    captured_size: int = 0
    revision: int = 1

    @property
    def id(self) -> UUID:
        return self.lease.lease_id


def running(execution: Execution, handle: str) -> Execution:
    return _moved(execution, phase=ExecutionPhase.RUNNING, handle=handle)


def stopping(execution: Execution, why: str) -> Execution:
    """One that is stopping goes on stopping, one that ended stays ended."""
    if execution.phase in (ExecutionPhase.STOPPING, ExecutionPhase.ENDED):
        return execution
    return _moved(execution, phase=ExecutionPhase.STOPPING, message=why)


def ended(
    execution: Execution,
    *,
    at: datetime,
    message: str,
    exit_code: int | None = None,
    captured_size: int = 0,
) -> Execution:
    if execution.phase is ExecutionPhase.ENDED:
        return execution
    return _moved(
        execution,
        phase=ExecutionPhase.ENDED,
        exit_code=exit_code,
        message=message,
        end_time=at,
        captured_size=captured_size,
    )


def _moved(execution: Execution, **changes: Any) -> Execution:
    return replace(execution, revision=execution.revision + 1, **changes)
