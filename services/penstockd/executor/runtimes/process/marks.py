"""Tells a process from a later one that got the same id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from penstockd.executor.runtimes import Handle

PROC = Path("/proc")
HANDLE = re.compile(r"([1-9]\d*)@([^/]+/\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMark:
    """A process that can be told from a later one with the same id.

    `birth` names the boot of the machine and the moment in it at which the process began.
    """

    pid: int
    birth: str

    @classmethod
    def of(cls, handle: Handle) -> ProcessMark | None:
        """Return the mark that a handle stands for; None for one of another runtime."""
        found = HANDLE.fullmatch(handle)
        return cls(pid=int(found[1]), birth=found[2]) if found else None

    @property
    def handle(self) -> Handle:
        return Handle(f"{self.pid}@{self.birth}")


class Status(NamedTuple):
    """Of `/proc/<pid>/stat`: see proc(5)."""

    dead: bool
    group: int
    session: int
    started: int


def mark_of(pid: int) -> ProcessMark | None:
    status = status_of(pid)
    if status is None:
        return None
    return ProcessMark(pid=pid, birth=f"{boot()}/{status.started}")


def is_alive(mark: ProcessMark) -> bool:
    """Tell whether it runs; one that nobody has reaped yet is dead all the same."""
    status = status_of(mark.pid)
    return status is not None and not status.dead and mark_of(mark.pid) == mark


def is_left(mark: ProcessMark) -> bool:
    """Tell whether anything is left of the group that the process led.

    An id is not given out again while a group has it, so orphans keep it theirs.
    """
    boot_id, _, started = mark.birth.partition("/")
    if boot_id != boot():
        return False
    leader = status_of(mark.pid)
    if leader is not None and not leader.dead:
        return is_alive(mark)
    left = list(members(mark.pid))
    return bool(left) and all(
        each.session == mark.pid and each.started >= int(started) for each in left
    )


def status_of(pid: int) -> Status | None:
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # The name of the program stands in brackets, and may hold brackets and spaces itself.
    fields = text.rpartition(")")[2].split()
    return Status(
        dead=fields[0] in "ZX",
        group=int(fields[2]),
        session=int(fields[3]),
        started=int(fields[19]),
    )


def boot() -> str:
    return (PROC / "sys/kernel/random/boot_id").read_text().strip()


def members(group: int) -> Iterator[Status]:
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            status = status_of(int(entry.name))
            if status is not None and status.group == group and not status.dead:
                yield status
