"""Which flow runs are meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Runs to which all that is said applies; nothing said means all.

    Attributes:
        states: types of state; a run is in one of them.
        flows: names of flows; a run is of one of them.
        tags: a run has all of them.
        name: a run's name holds it, in any case of letters.
        since: a run was created then or later.
        until: a run was created before then.
    """

    states: Sequence[str] = ()
    flows: Sequence[str] = ()
    tags: Sequence[str] = ()
    name: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def everything(self) -> bool:
        return self == Selection()
