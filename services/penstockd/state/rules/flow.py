"""A decorated function, known by its name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    namespace: str
    id: UUID
    name: str
    create_time: datetime
