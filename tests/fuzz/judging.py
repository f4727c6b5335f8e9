"""What may not happen, whatever is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fuzz.requests import Request
from fuzz.sending import Answer
from penstock.wire_channels import LONGEST_CARRIED
from penstockd.chassis.wire_errors import BUG

# Each says that the server, or something on the way, is at fault; nothing was, in a run.
BLAMING = frozenset({"UNKNOWN", "INTERNAL", "UNAVAILABLE", "CANCELLED", "DATA_LOSS"})
FOREIGN_WORDS = re.compile(
    r"Traceback|_pb2|object at 0x|<class|asyncpg|sqlite3?\.|sqlalchemy|google\.protobuf"
    r"|NoneType|\b[A-Z][a-z]+Error\b|Exception|codec can't|byte sequence|grpc\._cython"
    r"|unhashable",
    re.IGNORECASE,
)
# gRPC itself answers what has more; we cannot say why.
LARGEST_METADATA = 8 * 1024
MEBIBYTE = 1 << 20
# Of one process, above what it had when it began to serve.
MOST_GROWTH = 512 * MEBIBYTE
_TRACE = re.compile(r"Traceback \(most recent call last\):\n((?: .*\n)*)(.*)")
_GROUPED = re.compile(r"^ +\| ([\w.]+: .+)$", re.MULTILINE)
_VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|0x[0-9a-f]+|\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`kind` is one of a few words; what is alike in kind, target and text is one finding."""

    kind: str
    target: str
    text: str

    @property
    def alike(self) -> tuple[str, str, str]:
        return self.kind, self.target, _VARYING.sub("#", self.text)[:160]


def faults_in(request: Request, answer: Answer) -> Iterator[Fault]:
    """Judge an answer to a call of gRPC."""
    if answer.code in BLAMING:
        yield _fault(answer.code, request, answer.text)
    elif _is_late(request, answer):
        yield _fault("HANG", request, answer.text)
    elif _lacks_reason(request, answer):
        yield _fault("NO REASON", request, f"{answer.code}: {answer.text}")
    if FOREIGN_WORDS.search(answer.text):
        yield _fault("FOREIGN WORDS", request, answer.text)


def faults_in_raw(request: Request, answer: Answer, *, keeps_rules: bool) -> Iterator[Fault]:
    """Judge an answer to raw bytes: to what is no gRPC, gRPC itself says INTERNAL."""
    if keeps_rules or answer.code == "UNKNOWN" or answer.text == BUG:
        yield from faults_in(request, answer)


def faults_in_log(log: str) -> Iterator[Fault]:
    for trace in _TRACE.finditer(log):
        places = re.findall(r'File ".*?([^/"]+)", line \d+, in (\S+)', trace[1])
        place = " in ".join(reversed(places[-1])) if places else ""
        # What was raised in a group stands in the frame, the last one at its end.
        grouped = _GROUPED.findall(trace[1])
        text = grouped[-1] if grouped else trace[2].strip()
        yield Fault(kind="TRACEBACK", target=place, text=text)


def faults_in_memory(began: Mapping[str, int], now: Mapping[str, int]) -> Iterator[Fault]:
    for service, held in now.items():
        # A service that was started anew has begun with nothing.
        grown = held - began.get(service, held)
        if grown > MOST_GROWTH:
            text = f"grew by more than {MOST_GROWTH // MEBIBYTE} MiB"
            yield Fault(kind="MEMORY", target=service, text=text)


def _fault(kind: str, request: Request, text: str) -> Fault:
    return Fault(kind=kind, target=request.target, text=text)


def _is_late(request: Request, answer: Answer) -> bool:
    parks = request.rpc is not None and request.rpc.parks
    return answer.code == "HANG" or (
        answer.code == "DEADLINE_EXCEEDED" and not parks and request.rpc is not None
    )


def _lacks_reason(request: Request, answer: Answer) -> bool:
    if request.rpc is None or not request.rpc.is_ours or answer.reason:
        return False
    if answer.code == "RESOURCE_EXHAUSTED":
        metadata = sum(len(key) + len(value) for key, value in request.metadata)
        return len(request.data) <= LONGEST_CARRIED and metadata <= LARGEST_METADATA
    return answer.code not in ("OK", "DEADLINE_EXCEEDED")
