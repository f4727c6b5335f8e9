"""How many processes the kernel has killed for lack of memory, as far as that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/")
COUNTER = "oom_kill"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryKills:
    """`among` says whose processes were counted."""

    count: int
    among: str


def lack_of_memory(before: MemoryKills | None, after: MemoryKills | None) -> str:
    """Return what the counts from before and after a SIGKILL tell of it."""
    if not (before and after and before.among == after.among and after.count > before.count):
        return "memory may have run out"
    killed = after.count - before.count
    processes = "process" if killed == 1 else "processes"
    return f"memory ran out: the kernel killed {killed} {processes} of {after.among}"


def memory_kills(root: Path = ROOT) -> MemoryKills | None:
    """Count those in the control group of this process, or else on the whole machine."""
    for file in _files_of_group(root):
        if (count := _counted(file)) is not None:
            return MemoryKills(count=count, among="its control group")
    count = _counted(root / "proc/vmstat")
    return None if count is None else MemoryKills(count=count, among="this machine")


def _files_of_group(root: Path) -> Iterator[Path]:
    """Yield where the kernel counts: the group's own file, or that of a container's root."""
    groups = root / "sys/fs/cgroup"
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:
            yield groups / path.lstrip("/") / "memory.events"
            yield groups / "memory.events"
        elif "memory" in controllers.split(","):
            yield groups / "memory" / path.lstrip("/") / "memory.oom_control"
            yield groups / "memory/memory.oom_control"


def _counted(file: Path) -> int | None:
    for line in _read(file).splitlines():
        name, _, number = line.partition(" ")
        if name == COUNTER and number.isdigit():
            return int(number)
    return None


def _read(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError:
        # Another system, or a sandbox that shows no such file.
        return ""
