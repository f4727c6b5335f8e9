"""A run of any kind, named."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRef:
    """Exactly one is set."""

    flow_run_id: UUID | None = None
    task_run_id: UUID | None = None
