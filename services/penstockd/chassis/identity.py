"""Who calls: kept for the length of the call, for logs and for rules on callers."""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from penstockd.chassis.chain import Method, Stream, Unary
from penstockd.chassis.local_calls import LocalContext

CLIENT_KEY = "penstock-client"
CLIENT = re.compile(r"[\w./+ -]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """`client` is language and version, such as `python/0.1.0`; empty when it did not say.

    A `local` caller is in this process, and called without a socket.
    """

    client: str = ""
    local: bool = False


NOBODY = Caller()

_caller: ContextVar[Caller] = ContextVar("penstock_caller", default=NOBODY)


def caller() -> Caller:
    """Return who made the call that runs now."""
    return _caller.get()


class Identity:
    """Tells who calls. The call has a task, and so a context, of its own."""

    def unary(self, method: Method, behaviour: Unary) -> Unary:  # noqa: ARG002
        async def identified(request: Any, context: Any) -> Any:
            _remember(context)
            return await behaviour(request, context)

        return identified

    def stream(self, method: Method, behaviour: Stream) -> Stream:  # noqa: ARG002
        def identified(request: Any, context: Any) -> Any:
            _remember(context)
            return behaviour(request, context)

        return identified


def _remember(context: Any) -> None:
    metadata = dict(context.invocation_metadata() or ())
    said = metadata.get(CLIENT_KEY, "")
    client = said if isinstance(said, str) and CLIENT.fullmatch(said) else ""
    _caller.set(Caller(client=client, local=isinstance(context, LocalContext)))
