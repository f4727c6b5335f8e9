"""Who calls: kept for the length of the call, for logs and for rules on callers."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from penstockd.chassis.chain import Method, Stream, Unary

CLIENT_KEY = "penstock-client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """`client` is language and version, such as `python/0.1.0`; empty when it did not say."""

    client: str = ""


NOBODY = Caller()

_caller: ContextVar[Caller] = ContextVar("penstock_caller", default=NOBODY)


def caller() -> Caller:
    """Return who made the call that runs now."""
    return _caller.get()


class Identity:
    """Reads the caller from the metadata. The call has a task, and so a context, of its own."""

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
    for key, value in context.invocation_metadata() or ():
        if key == CLIENT_KEY:
            _caller.set(Caller(client=str(value)))
            return
