"""A request as a text file, which can be sent again alone."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass

from fuzz.contract import Contract
from fuzz.requests import Request
from fuzz.systems import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Raw bytes are made anew, from the seed and the request's number."""

    way: Way
    seed: str
    request: Request


def as_text(kept: Kept) -> str:
    request = kept.request
    return json.dumps(
        {
            "store": kept.way.store,
            "route": kept.way.route,
            "seed": kept.seed,
            "number": request.number,
            "kind": request.kind,
            "rpc": request.rpc.path if request.rpc is not None else "",
            "metadata": [[key, *_packed(value)] for key, value in request.metadata],
            "data": b64encode(request.data).decode(),
        },
        indent=1,
    )


def from_text(text: str, contract: Contract) -> Kept:
    told = json.loads(text)
    by_path = {each.path: each for each in contract.rpcs}
    request = Request(
        number=told["number"],
        kind=told["kind"],
        rpc=by_path.get(told["rpc"]),
        data=b64decode(told["data"]),
        metadata=tuple((key, _unpacked(*value)) for key, *value in told["metadata"]),
    )
    way = Way(store=told["store"], route=told["route"])
    return Kept(way=way, seed=told["seed"], request=request)


def _packed(value: str | bytes) -> tuple[str, str]:
    if isinstance(value, bytes):
        return "bytes", b64encode(value).decode()
    return "text", value


def _unpacked(form: str, value: str) -> str | bytes:
    return b64decode(value) if form == "bytes" else value
