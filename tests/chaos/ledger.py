"""What the bodies of flows and tasks really did, told by themselves and by nobody else.

Every line is one write to a file that is only appended to: whoever is killed has written it
whole or not at all, and a fork or a closed descriptor changes nothing.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import psutil

LEDGER, PLACE = "CHAOS_LEDGER", "CHAOS_PLACE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`what` is begin, step, end, returned or raised; `place` is where the program ran."""

    what: str
    place: str
    pid: int
    run: str = ""
    attempt: int = 0
    task_run: str = ""
    detail: str = ""


def tell(what: str, **told: Any) -> None:
    """Append an entry; called in the processes that are watched."""
    entry = Entry(what=what, place=os.environ[PLACE], pid=os.getpid(), **told)
    line = json.dumps(asdict(entry)).encode() + b"\n"
    ledger = os.open(os.environ[LEDGER], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(ledger, line)
    finally:
        os.close(ledger)


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that was told so far, in order."""

    entries: tuple[Entry, ...]

    @classmethod
    def read(cls, path: Path) -> Self:
        lines = path.read_text().splitlines() if path.exists() else []
        return cls(tuple(Entry(**json.loads(line)) for line in lines))

    def of(self, what: str) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.what == what)

    def in_progress(self, place: str) -> frozenset[str]:
        """Return the runs of a place whose process still lives, their bodies ended or not."""
        here = (entry for entry in self.entries if entry.place == place and entry.run)
        return frozenset(entry.run for entry in here if psutil.pid_exists(entry.pid))

    def begun_at(self, place: str) -> frozenset[str]:
        return frozenset(entry.run for entry in self.of("begin") if entry.place == place)

    def ended(self) -> frozenset[str]:
        return frozenset(entry.run for entry in self.of("end"))
