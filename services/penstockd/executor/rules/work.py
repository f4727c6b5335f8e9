"""A run that was handed out: what this executor decides by, and the rest as it came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRef:
    """What is shown with everything that is written for the run."""

    lease_id: UUID
    fence: int


class Program(StrEnum):
    """What a run's code is. UNKNOWN is what only a later version of the contract knows."""

    PYTHON = "PYTHON"
    COMMAND = "COMMAND"
    HANDLER = "HANDLER"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What a child is started with; an empty interpreter means the executor's own.

    Where the flow's code is stands in the work's content: the child finds it, not its executor.
    """

    program: Program = Program.PYTHON
    interpreter: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """`content` is the whole message that handed the run out, which its child is told from.

    `title` is what people call it: its flow, and its own name.
    """

    lease: LeaseRef
    namespace: str
    flow_run_id: UUID
    title: str
    launch: Launch
    traceparent: str
    content: bytes
