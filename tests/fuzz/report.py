"""What a run prints: counts by RPC and code, and each finding once, with the way back to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from fuzz.keeping import Kept, as_text
from fuzz.run import Result, Seen

KEPT = 3
LONGEST = 300


def counts(results: Sequence[Result]) -> Iterator[str]:
    total: Counter[tuple[str, str]] = Counter()
    for result in results:
        total.update(result.counts)
        peak = ", ".join(f"{name} {held >> 20} MiB" for name, held in result.memory.items())
        yield f"{result.way}: {result.sent} requests in {result.seconds:.0f} s; at most {peak}"
    for target in sorted({target for target, _ in total}):
        codes = sorted(
            ((n, code) for (each, code), n in total.items() if each == target), reverse=True
        )
        yield f"  {target:<46}" + "  ".join(f"{code} {n}" for n, code in codes)


def findings(results: Sequence[Result], seed: str, folder: Path) -> Iterator[str]:
    """Yield each kind of fault once; the requests of the first ones are kept in the folder."""
    alike: dict[tuple[str, str, str], list[Seen]] = {}
    for result in results:
        for seen in result.seen:
            alike.setdefault(seen.fault.alike, []).append(seen)
    for _, group in sorted(alike.items()):
        first = group[0]
        ways = ", ".join(sorted({str(each.way) for each in group}))
        fault = first.fault
        yield f"{fault.kind}  {fault.target}  ({len(group)} times: {ways})"
        yield f"    {fault.text[:LONGEST]}"
        if not first.requests:
            continue
        last = first.requests[-1].number
        again = f"--seed {seed} --store {first.way.store} --route {first.way.route}"
        yield f'    again: make fuzz ARGS="{again} --count {last + 1}"'
        for seen in [each for each in group if len(each.requests) == 1][:KEPT]:
            file = keep(seen, seed, folder)
            yield f'    {seen.requests[0].kind}: make fuzz ARGS="--send {file}"'


def keep(seen: Seen, seed: str, folder: Path) -> Path:
    """Write the request down, so that it can be sent alone."""
    [request] = seen.requests
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{seed}-{seen.way.store}-{seen.way.route}-{request.number}.json"
    file.write_text(as_text(Kept(way=seen.way, seed=f"{seed} {seen.way}", request=request)))
    return file
