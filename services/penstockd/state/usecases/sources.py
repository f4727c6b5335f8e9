"""Where use cases get time, ids and chance from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import random
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """`randomness` is from 0 to 1."""

    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]
    randomness: Callable[[], float] = random
