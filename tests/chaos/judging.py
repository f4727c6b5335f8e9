"""What became of every run, held against what the ledger says that was done."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chaos.ledger import Ledger
from chaos.load import patient
from chaos.world import World
from integration.caller import FINAL, Caller, state_of
from integration.system import clean_environment
from penstockd.assembly.services import SERVICES

# Only so that a hang does not last.
SETTLE_LIMIT = 600.0
PAUSE = 0.5
# A killed script without a server is told of when somebody opens its store next.
CRASH_SEEN_WITHIN = 60.0
# What a program may hear before its flow has begun.
REFUSED = ("ForkedProcess", "StorageFull", "StorageUnavailable")
LOST, TWICE, WRONG, LEFT = "lost", "twice", "ended wrongly", "left behind"
KINDS = (LOST, TWICE, WRONG, LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many runs there were, how they ended, and what is wrong."""

    deployed: Mapping[str, str]
    embedded: Mapping[str, str]
    findings: Sequence[Finding]

    def ends(self) -> Counter[str]:
        return Counter([*self.deployed.values(), *self.embedded.values()])


def settled(
    world: World, acknowledged: Sequence[str], say: Callable[[str], None]
) -> Mapping[str, str]:
    """Wait until all deployed runs have ended, and return the state of each."""
    say(f"waiting for the end of {len(acknowledged)} deployed runs")
    end = time.monotonic() + SETTLE_LIMIT
    states: dict[str, str] = {}
    with closing(Caller(dict.fromkeys(SERVICES, world.front.address))) as caller:
        for run in acknowledged:
            while states.get(run) not in FINAL and time.monotonic() < end:
                states[run] = patient(lambda run=run: state_of(caller.flow_run(run)))  # type: ignore[misc]
                if states[run] not in FINAL:
                    time.sleep(PAUSE)
    return states


def embedded_states(world: World) -> Mapping[str, str]:
    """Return the state of every run of the embedded programs, when all are told ended."""
    end = time.monotonic() + CRASH_SEEN_WITHIN
    while True:
        states = {
            run["id"]: run["state"]["state_type"]
            for home in world.embedded_homes
            for run in _listed(home)
        }
        if all(state in FINAL for state in states.values()) or time.monotonic() > end:
            return states
        time.sleep(PAUSE)


def judge(
    ledger: Ledger,
    states: Mapping[str, str],
    *,
    excused: Mapping[str, str],
    killed: int,
    left_behind: Sequence[str],
) -> Iterator[Finding]:
    """Return what is wrong; `states` by run, `excused` those that may have crashed, and why.

    Each of the `killed` programs may have made a run whose body had not begun: the ledger
    cannot tell whose it was.
    """
    yield from _lost(ledger, states, excused)
    yield from _twice(ledger)
    unbegun = states.keys() - {entry.run for entry in ledger.of("begin")}
    crashed = sorted(run for run in unbegun if states[run] == "CRASHED")
    yield from _ended_wrongly(states, {**excused, **dict.fromkeys(crashed[:killed], "killed")})
    yield from _raised(ledger)
    for run, state in states.items():
        if state not in FINAL:
            yield Finding(kind=LEFT, text=f"{run} is {state} still")
    yield from (Finding(kind=LEFT, text=text) for text in left_behind)


def _lost(
    ledger: Ledger, states: Mapping[str, str], excused: Mapping[str, str]
) -> Iterator[Finding]:
    """Whoever heard that a run has ended finds it so; whatever has begun is in the store."""
    for entry in ledger.of("returned"):
        if (state := states.get(entry.run, "unknown")) != "COMPLETED":
            text = f"{entry.run} returned in {entry.place}, and the store says {state}"
            yield Finding(kind=LOST, text=text)
    for entry in ledger.of("end"):
        if entry.run not in states and entry.run not in excused:
            yield Finding(kind=LOST, text=f"{entry.run} of {entry.place} is in no store")


def _twice(ledger: Ledger) -> Iterator[Finding]:
    bodies = Counter((entry.run, entry.attempt) for entry in ledger.of("begin"))
    steps = Counter(
        (entry.task_run, entry.attempt) for entry in ledger.of("step") if entry.task_run
    )
    for (run, attempt), count in (*bodies.items(), *steps.items()):
        if count > 1:
            yield Finding(kind=TWICE, text=f"{run} has {count} bodies in attempt {attempt}")


def _ended_wrongly(states: Mapping[str, str], excused: Mapping[str, str]) -> Iterator[Finding]:
    for run, state in states.items():
        if state in FINAL and state != "COMPLETED" and run not in excused:
            yield Finding(kind=WRONG, text=f"{run} is {state}, and nothing of its was struck")


def _raised(ledger: Ledger) -> Iterator[Finding]:
    """Before its flow has begun, a program may hear that there is no room or no store."""
    last: dict[int, str] = {}
    for entry in ledger.entries:
        begun = last.get(entry.pid, "returned") not in ("returned", "raised")
        if entry.what == "raised" and (begun or not entry.detail.startswith(REFUSED)):
            yield Finding(kind=WRONG, text=f"{entry.place} raised {entry.detail}")
        last[entry.pid] = entry.what


def _listed(home: Path) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "penstock.cli", "flow-run", "ls", "--limit", "10000"]
    asked = subprocess.run(
        [*command, "-o", "json"],
        env=clean_environment(PENSTOCK_HOME=str(home)),
        capture_output=True,
        text=True,
        timeout=SETTLE_LIMIT,
        check=True,
    )
    return json.loads(asked.stdout)  # type: ignore[no-any-return]
