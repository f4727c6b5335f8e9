"""When which fault befalls the world: lanes side by side, made by a seed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from chaos.faults import (
    ChildFrozen,
    ChildKilled,
    ExecutorKilled,
    Fault,
    FrontKilled,
    Frozen,
    FullDisk,
    HalfOpen,
    Outage,
    ProgramFrozen,
    ProgramKilled,
)
from chaos.world import ELSEWHERE, MANNERS, World

SHORTEST, LONGEST = 5.0, 30.0
LONG = 120.0
TICK = 0.1
# The front is killed before all else: what is frozen could not end with it, and it could not
# start during the long outage.
BEFORE_LONG = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    fault: Fault
    start: float
    seconds: float


@dataclass(slots=True)
class Timeline:
    """Begins, keeps up and ends what is planned."""

    planned: Sequence[Planned]
    say: Callable[[str], None]
    counts: Counter[str] = field(default_factory=Counter)

    def play(self) -> None:
        began = time.monotonic()
        waiting = sorted(self.planned, key=lambda each: each.start)
        active: list[tuple[Planned, float]] = []
        while waiting or active:
            at = time.monotonic() - began
            while waiting and waiting[0].start <= at:
                planned = waiting.pop(0)
                self._tell(at, planned)
                planned.fault.begin()
                active.append((planned, at))
            for planned, since in tuple(active):
                if at - since >= planned.seconds:
                    planned.fault.end()
                    active.remove((planned, since))
                else:
                    planned.fault.keep_up()
            time.sleep(TICK)

    def _tell(self, at: float, planned: Planned) -> None:
        self.counts[planned.fault.name] += 1
        self.say(f"{at:6.1f} s  {planned.fault.name}, for {planned.seconds:.0f} s")


def plan(world: World, random: Random, seconds: float, long_outage: Fault) -> list[Planned]:
    """Return what happens in so many seconds, the long outage among it."""
    long = min(LONG, seconds * LONG / 180)
    early = seconds * BEFORE_LONG / 180
    core = [
        Planned(fault=FrontKilled(world), start=early * 0.1, seconds=1),
        Planned(fault=FullDisk(world, "services"), start=early * 0.5, seconds=early * 0.3),
        Planned(fault=long_outage, start=early, seconds=long),
    ]
    services: list[Fault] = [Outage(world, it) for it in ("state", "scheduler", "artifact")]
    services += [Frozen(world, it) for it in ("state", "scheduler", "artifact")]
    workers = [HalfOpen(world), ChildFrozen(world), ChildKilled(world), ExecutorKilled(world)]
    workers += [Frozen(world, ELSEWHERE), Outage(world, "executor"), Frozen(world, "executor")]
    numbers = [str(number) for number in range(len(MANNERS))]
    embedded: list[Fault] = [FullDisk(world, "embedded programs")]
    embedded += [ProgramFrozen(world, it) for it in random.sample(numbers, 3)]
    embedded += [ProgramKilled(world, it) for it in random.sample(numbers, 3)]
    lanes = ((services, early), (workers, early * 0.4), (embedded, 2.0))
    return core + [
        planned
        for faults, start in lanes
        for planned in _lane(faults, random, start=start, end=seconds)
    ]


def _lane(
    faults: Sequence[Fault], random: Random, *, start: float, end: float
) -> Iterator[Planned]:
    """One after another in a random order, each once at least, however long that takes."""
    deck: list[Fault] = []
    left, at = len(faults), start
    while left > 0 or at < end:
        deck = deck or random.sample(faults, len(faults))
        seconds = random.uniform(SHORTEST, LONGEST)
        yield Planned(fault=deck.pop(), start=at, seconds=seconds)
        at += seconds + random.uniform(1, 5)
        left -= 1
