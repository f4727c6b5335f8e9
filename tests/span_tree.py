"""Judges whether the spans of one trace are one tree over the processes that it must reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from otlp_receiver import SeenSpan

DEPLOYED_RUN = frozenset(
    {
        "penstock",
        "penstock-scheduler",
        "penstock-state",
        "penstock-executor",
        "penstock-child",
        "penstock-artifact",
    }
)


def flaws(spans: Sequence[SeenSpan], *, services: Collection[str]) -> list[str]:
    """Return what is wrong with the trace, in words; nothing when it is one whole tree."""
    return [
        *_repeated(spans),
        *_not_one_root(spans),
        *_orphans(spans),
        *_calls_without_their_server(spans),
        *_wrong_processes(spans, services),
    ]


def drawn(spans: Sequence[SeenSpan]) -> str:
    """Return the tree for people, each span below its parent."""
    known = {span.span_id for span in spans}
    lines: list[str] = []

    def draw(parent: str, depth: int) -> None:
        for span in spans:
            if span.parent_id == parent:
                lines.append(f"{'  ' * depth}{span.service}: {span.kind} {span.name}")
                draw(span.span_id, depth + 1)

    draw("", 0)
    for parent in sorted({span.parent_id for span in spans} - known - {""}):
        lines.append(f"(below {parent}, which nobody sent)")
        draw(parent, 1)
    return "\n".join(lines)


def _repeated(spans: Sequence[SeenSpan]) -> list[str]:
    counted = Counter(span.span_id for span in spans)
    return [
        f"span {each} was sent {times} times" for each, times in counted.items() if times > 1
    ]


def _not_one_root(spans: Sequence[SeenSpan]) -> list[str]:
    roots = [span for span in spans if not span.parent_id]
    if len(roots) == 1:
        return []
    return [f"there are {len(roots)} roots: {', '.join(map(_named, roots)) or 'none'}"]


def _orphans(spans: Sequence[SeenSpan]) -> list[str]:
    known = {span.span_id for span in spans}
    lost = [span for span in spans if span.parent_id and span.parent_id not in known]
    return [f"{_named(span)} has a parent that nobody sent" for span in lost]


def _calls_without_their_server(spans: Sequence[SeenSpan]) -> list[str]:
    by_id = {span.span_id: span for span in spans}
    found: list[str] = []
    for call in spans:
        if call.kind != "CLIENT":
            continue
        below = [each for each in spans if each.parent_id == call.span_id]
        servers = [each for each in below if each.kind == "SERVER" and each.pid != call.pid]
        if len(servers) != 1 or len(below) != 1:
            got = ", ".join(map(_named, below)) or "nothing"
            found.append(f"{_named(call)} has below it {got}, not one server span elsewhere")
        elif servers[0].name != call.name:
            found.append(f"{_named(call)} has another method below it: {_named(servers[0])}")
    for server in spans:
        parent = by_id.get(server.parent_id)
        if server.kind == "SERVER" and parent is not None and parent.kind != "CLIENT":
            found.append(f"{_named(server)} has no call above it")
    return found


def _wrong_processes(spans: Sequence[SeenSpan], services: Collection[str]) -> list[str]:
    found = {span.service for span in spans}
    lines = [f"no span is from {each}" for each in sorted(set(services) - found)]
    lines += [f"there are spans from {each}" for each in sorted(found - set(services))]
    pids = {service: {s.pid for s in spans if s.service == service} for service in found}
    return lines + [
        f"{service} is {len(each)} processes" for service, each in pids.items() if len(each) > 1
    ]


def _named(span: SeenSpan) -> str:
    return f"{span.kind} {span.name} of {span.service}"
