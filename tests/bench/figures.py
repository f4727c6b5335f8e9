"""What is measured and how it is shown: medians, with CPU beside the wall clock."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds of one run."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table; `rate` counts per second, where there is something to count."""

    what: str
    timings: Sequence[Timing]
    count: int = 0
    target: str = ""
    note: str = ""

    @property
    def wall(self) -> float:
        return median(each.wall for each in self.timings)

    @property
    def cpu(self) -> float:
        return median(each.cpu for each in self.timings)


def table(name: str, rows: Sequence[Row]) -> str:
    lines = [f"\n{name}"]
    for row in rows:
        rate = f"{row.count / row.wall:>9,.0f}/s" if row.count else " " * 11
        lines.append(
            f"  {row.what:<58}{row.wall * 1_000:>9.1f} ms{row.cpu * 1_000:>9.1f} ms CPU{rate}"
            f"  n={len(row.timings)}  {row.target}{'  ' if row.note else ''}{row.note}"
        )
    return "\n".join(lines)


def timed(
    command: Sequence[str],
    environment: Mapping[str, str],
    rounds: int,
    *,
    warm: int = 1,
    fails: bool = False,
) -> list[Timing]:
    """Run a program again and again, from exec to exit; `fails` says that it is to fail."""
    timings = [_once(command, environment, fails=fails) for _ in range(warm + rounds)]
    return timings[warm:]


def _once(command: Sequence[str], environment: Mapping[str, str], *, fails: bool) -> Timing:
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None, "it is a pipe"
    said = process.stderr.read()
    process.stderr.close()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if bool(process.returncode) != fails:
        raise AssertionError(f"{command} ended with {process.returncode}:\n{said.decode()}")
    return Timing(wall=wall, cpu=used.ru_utime + used.ru_stime)
