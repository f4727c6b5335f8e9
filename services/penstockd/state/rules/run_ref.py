"""A run of any kind, named."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class RunKind(StrEnum):
    FLOW_RUN = "FLOW_RUN"
    TASK_RUN = "TASK_RUN"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRef:
    kind: RunKind
    id: UUID
