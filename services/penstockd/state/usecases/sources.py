"""Where use cases get time and ids from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]
