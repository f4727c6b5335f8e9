"""The sequence of requests of a seed: the same one each time, as far as answers are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from fuzz.contract import Contract, Rpc
from fuzz.damage import DAMAGES, SIZES, serialised
from fuzz.facts import Facts
from fuzz.messages import Composer, Style, new_id
from fuzz.sense import make_sense
from fuzz.tokens import forged
from fuzz.values import EXTREMES, FieldValues

Metadata = Sequence[tuple[str, str | bytes]]

# How often each kind is made, of all requests.
KINDS: Mapping[str, int] = {
    "legal": 30,
    "extreme": 14,
    "once more": 6,
    "one fault": 14,
    "wild": 6,
    "forged token": 8,
    "largest": 3,
    "damaged": 15,
    "http/2": 4,
}
# What makes things that others ask for; what waits takes its time.
MAKING = (
    "Create",
    "Apply",
    "Run",
    "Open",
    "Register",
    "Upload",
    "Append",
    "Transition",
    "Publish",
)
MAKING_WEIGHT, PARKED_WEIGHT = 2.5, 0.4
STRANGE_METADATA: Sequence[Metadata] = (
    (("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),),
    (("traceparent", "00-" + "0" * 32 + "-" + "0" * 16 + "-00"),),
    (("traceparent", "x" * 7_000),),
    (("traceparent", "x" * 15_000),),
    (("traceparent", ""), ("traceparent", "00-zz-zz-zz")),
    (("tracestate", "a=b," * 200),),
    (("penstock-client", "x" * 3_000),),
    (("authorization", "Bearer ' OR 1=1"), ("x-forwarded-for", "::1")),
    (("a-bin", b"\0\xff" * 1_000),),
    tuple((f"k{n}", "v" * 20) for n in range(120)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`rpc` is None for raw bytes of HTTP/2, which are made when they are sent."""

    number: int
    kind: str
    rpc: Rpc | None
    data: bytes = field(repr=False)
    metadata: Metadata = ()

    @property
    def target(self) -> str:
        return self.rpc.name if self.rpc is not None else "raw HTTP/2"


class Requests:
    """Makes request after request from a seed and what has been told."""

    def __init__(self, seed: str, contract: Contract, values: FieldValues) -> None:
        self.facts = Facts()
        self._seed = seed
        self._contract = contract
        self._composer = Composer(contract, values)
        self._weights = [_weight(each) for each in contract.rpcs]

    def make(self, number: int) -> Request:
        """Return the request with this number."""
        random = self.random(number)
        [kind] = random.choices(list(KINDS), list(KINDS.values()))
        if kind == "http/2":
            return Request(number=number, kind=kind, rpc=None, data=b"")
        [rpc] = random.choices(self._contract.rpcs, self._weights)
        if kind == "damaged":
            kind = random.choice(list(DAMAGES))
        metadata = random.choice(STRANGE_METADATA) if random.random() < 0.04 else ()
        data = self._data(kind, rpc, random)
        return Request(number=number, kind=kind, rpc=rpc, data=data, metadata=metadata)

    def random(self, number: int) -> Random:
        return Random(f"{self._seed} {number}")

    def _data(self, kind: str, rpc: Rpc, random: Random) -> bytes:
        if kind == "forged token":
            return self._forged(rpc, random)
        if kind == "largest":
            fill = random.choice(SIZES) - 1_000
            return serialised(self._message(rpc, random, Style(fill=fill)))
        if kind == "extreme":
            return self._extreme(rpc, random)
        if kind == "wild":
            return serialised(self._message(rpc, random, Style(legal=False, rare=0.5)))
        if kind == "once more" and (taken := self.facts.taken(rpc, random)) is not None:
            return taken
        message = self._message(rpc, random, Style(rare=random.choice((0.02, 0.1, 0.4))))
        if kind in DAMAGES:
            return DAMAGES[kind](message, random)
        if kind == "one fault":
            self._composer.spoil(message, random)
        return serialised(message)

    def _extreme(self, rpc: Rpc, random: Random) -> bytes:
        """A request that has been answered, if there is one, with values from the edges."""
        message = self._message(rpc, random, Style())
        if (taken := self.facts.taken(rpc, random)) is not None:
            message.ParseFromString(taken)
            if "request_id" in _names(rpc):
                message.request_id = new_id(random)
        self._composer.put(message, random.choice(list(EXTREMES.values())), random)
        return serialised(message)

    def _message(self, rpc: Rpc, random: Random, style: Style) -> Any:
        told = self.facts.about(rpc, random) if random.random() < 0.9 else None
        message = self._composer.message(rpc.request, style, random, told)
        make_sense(message, random)
        if style.legal and random.random() < 0.95:
            for path in self.facts.unsupported(rpc):
                self._composer.leave_out(message, path.split("."), random)
        return message

    def _forged(self, rpc: Rpc, random: Random) -> bytes:
        """A request that has been answered, with a token made from the one of its answer."""
        shown = self.facts.shown(rpc, random)
        message = self._message(rpc, random, Style())
        fields = [each for each in ("page_token", "cursor") if each in _names(rpc)]
        if shown is not None:
            message.ParseFromString(shown.request)
            setattr(message, shown.field, forged(shown.token, random))
        elif fields:
            setattr(message, fields[0], forged("AAAAAAAAAAA=", random))
        return serialised(message)


def _weight(rpc: Rpc) -> float:
    if rpc.name.partition("/")[2].startswith(MAKING):
        return MAKING_WEIGHT
    return PARKED_WEIGHT if rpc.parks else 1.0


def _names(rpc: Rpc) -> Sequence[str]:
    return [each.name for each in rpc.request.fields]
