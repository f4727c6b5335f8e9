"""What one process under a run is doing, from its hand-out to its end."""

import signal
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Phase(StrEnum):
    STARTING = "STARTING"
    RUNNING = "RUNNING"
    STOPPING = "STOPPING"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMark:
    """A process that can be told from a later one with the same id.

    `birth` names the boot of the machine and the moment in it at which the process began.
    """

    pid: int
    birth: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """Its id is that of the lease. The keeper is the executor's own process."""

    id: UUID
    namespace: str
    flow_run_id: UUID
    fence: int
    keeper: ProcessMark
    start_time: datetime
    phase: Phase = Phase.STARTING
    process: ProcessMark | None = None
    exit_code: int | None = None
    message: str = ""
    end_time: datetime | None = None
    captured_size: int = 0


def running(execution: Execution, process: ProcessMark) -> Execution:
    return replace(execution, phase=Phase.RUNNING, process=process)


def stopping(execution: Execution, why: str) -> Execution:
    """One that is stopping goes on stopping, one that ended stays ended."""
    if execution.phase in (Phase.STOPPING, Phase.ENDED):
        return execution
    return replace(execution, phase=Phase.STOPPING, message=why)


def ended(
    execution: Execution,
    *,
    at: datetime,
    message: str,
    exit_code: int | None = None,
    captured_size: int = 0,
) -> Execution:
    if execution.phase is Phase.ENDED:
        return execution
    return replace(
        execution,
        phase=Phase.ENDED,
        exit_code=exit_code,
        message=message,
        end_time=at,
        captured_size=captured_size,
    )


def how_it_ended(exit_code: int) -> str:
    """Return the exit in words; minus the signal's number means that it was killed."""
    if exit_code >= 0:
        return f"exit code {exit_code}"
    try:
        return f"killed by {signal.Signals(-exit_code).name}"
    except ValueError:
        return f"killed by signal {-exit_code}"
