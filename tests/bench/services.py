"""W6: a server on SQLite, and what its callers see, in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import Row, Timing
from integration.serving import Serving

CALLS = Path(__file__).with_name("calls.py")
DATABASE = "penstock.db"
WATCHES = 2_000


def w6(folder: Path) -> list[Row]:
    """Transitions, journal appends, bytes kept, and runs made beside parked watches."""
    with Serving(folder / "store") as server:
        moves = _called(server, "transitions")
        created = [_called(server, "creates")]
        for of in ("run", "namespace"):
            with _parked(server, of):
                created.append(_called(server, "creates"))
        before = _bytes_in(folder / "store")
        appended = _called(server, "journal")
    kept = (_bytes_in(folder / "store") - before) / (appended["count"] / 2)
    alone = created[0]
    return [
        _row("W6 transitions, 16 clients", moves, "p99 ≤ 30 ms"),
        _row(
            "W6 journal appends, batches of 1 000",
            appended,
            "≥ 20 000/s",
            note=f"{kept / 1_000:.2f} kB kept per task run (≤ 1.0)",
        ),
        _row("CreateFlowRun alone", alone, ""),
        _beside("of a run each", created[1], alone),
        _beside("of the namespace", created[2], alone),
    ]


def _beside(what: str, beside: dict[str, Any], alone: dict[str, Any]) -> Row:
    ratio = median(beside["calls"]) / median(alone["calls"])
    title = f"CreateFlowRun beside {WATCHES:,} parked watches {what}"
    return _row(title, beside, "≤ 3 times", note=f"{ratio:.1f} times")


def _row(what: str, measured: dict[str, Any], target: str, *, note: str = "") -> Row:
    calls = sorted(measured.get("calls", ()))
    if calls:
        percentiles = (calls[len(calls) // 2], calls[len(calls) * 99 // 100])
        told = "p50 {:.1f} ms, p99 {:.1f} ms".format(*(1_000 * each for each in percentiles))
        note = f"{told}  {note}".rstrip()
    timing = Timing(wall=measured["wall"], cpu=0)
    return Row(what=what, timings=[timing], count=measured["count"], target=target, note=note)


def _called(server: Serving, what: str) -> dict[str, Any]:
    done = subprocess.run(
        _command(server, what),
        env=server.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"{what} ended with {done.returncode}:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def _parked(server: Serving, of: str) -> Iterator[None]:
    process = subprocess.Popen(
        _command(server, "watches", str(WATCHES), of),
        env=server.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None, "it is a pipe"
    assert process.stdout is not None, "it is a pipe"
    try:
        if process.stdout.readline() != "parked\n":
            raise AssertionError(f"the watches ended with {process.wait()}")
        yield
    finally:
        process.communicate()


def _command(server: Serving, what: str, *arguments: str) -> list[str]:
    return [sys.executable, str(CALLS), what, server.address, *arguments]


def _bytes_in(store: Path) -> int:
    return sum(each.stat().st_size for each in store.glob(f"{DATABASE}*"))
