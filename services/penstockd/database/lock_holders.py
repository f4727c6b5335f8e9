"""Who holds a lock on a file, as far as the kernel tells: only Linux does."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_LONGEST_COMMAND = 80
_STOPPED = frozenset("Tt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A process, and whether it was stopped, as by Ctrl-Z."""

    pid: int
    command: str
    stopped: bool

    def __str__(self) -> str:
        return f"process {self.pid} ({self.command})"

    @property
    def facts(self) -> dict[str, object]:
        """Return what a log tells of it."""
        return {"pid": self.pid, "command": self.command, "advice": self.advice}

    @property
    def advice(self) -> str:
        if self.stopped:
            return f"it is stopped: continue it with `kill -CONT {self.pid}`, or end it"
        return "wait for it, or end it"


def holder_of(descriptor: int) -> Holder | None:
    """Return who has flocked the file that is open here; None if that cannot be told."""
    try:
        file = os.fstat(descriptor)
        for pid in holders_in((_PROC / "locks").read_text(), file.st_ino):
            if _has_open(pid, file) and (holder := _process(pid)) is not None:
                return holder
    except OSError:
        return None
    return None


def holders_in(locks: str, inode: int) -> Iterator[int]:
    """Yield the pids that hold a flock on that inode, by the text of /proc/locks."""
    for line in locks.splitlines():
        # 1: FLOCK  ADVISORY  WRITE 4711 fe:01:123456 0 EOF; who waits has an arrow.
        fields = line.split()
        if len(fields) < 6 or fields[1] != "FLOCK":
            continue
        if fields[5].rpartition(":")[2] == str(inode) and int(fields[4]) > 0:
            yield int(fields[4])


def _has_open(pid: int, file: os.stat_result) -> bool:
    """Else it is a file of another file system that has the same number."""
    with suppress(OSError):
        return any(_is(each, file) for each in (_PROC / str(pid) / "fd").iterdir())
    return False


def _is(link: Path, file: os.stat_result) -> bool:
    with suppress(OSError):
        return os.path.samestat(link.stat(), file)
    return False


def _process(pid: int) -> Holder | None:
    try:
        words = (_PROC / str(pid) / "cmdline").read_bytes().rstrip(b"\0").split(b"\0")
        # The name before it may hold blanks and brackets.
        state = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return None
    command = " ".join(word.decode(errors="replace") for word in words)
    printable = "".join(each if each.isprintable() else "?" for each in command)
    return Holder(pid=pid, command=printable[:_LONGEST_COMMAND], stopped=state in _STOPPED)
