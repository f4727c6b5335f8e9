"""The table: what was done to the world, and what became of the runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chaos.judging import KINDS, Outcome
from chaos.timeline import Timeline

MOST_SHOWN = 20


def table(store: str, timeline: Timeline, outcome: Outcome) -> Iterator[str]:
    """Return the lines for people."""
    yield f"\n{store}: {sum(timeline.counts.values())} faults"
    for name, count in sorted(timeline.counts.items()):
        yield f"  {count:>4}  {name}"
    yield f"{len(outcome.deployed)} deployed runs, {len(outcome.embedded)} embedded ones"
    for state, count in sorted(outcome.ends().items()):
        yield f"  {count:>4}  {state.lower()}"
    kinds = Counter(finding.kind for finding in outcome.findings)
    yield ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS)
    for finding in outcome.findings[:MOST_SHOWN]:
        yield f"  {finding.kind}: {finding.text}"
    if (more := len(outcome.findings) - MOST_SHOWN) > 0:
        yield f"  and {more:,} more"
