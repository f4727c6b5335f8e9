"""One SERVER span per call, below the CLIENT span that the metadata names."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import Any

import grpc

from penstock import telemetry
from penstock.spans import ROOT, SERVICE
from penstockd.chassis.chain import Method, Stream, Unary, Unread
from penstockd.chassis.rights import rights_of

PARENT_KEY = "traceparent"
RESOURCE = "penstock.resource"
LONGEST_SUBJECT = 500

# Codes that blame the server; the others are the caller's affair.
FAULTS = frozenset(
    {
        grpc.StatusCode.UNKNOWN,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.UNIMPLEMENTED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DATA_LOSS,
    }
)


class Tracing:
    """Costs one comparison per call while telemetry is off."""

    def unary(self, method: Method, behaviour: Unary) -> Unary:
        async def traced(request: Any, context: Any) -> Any:
            if not telemetry.enabled():
                return await behaviour(request, context)
            with _server_span(method, request, context):
                return await behaviour(request, context)

        return traced

    def stream(self, method: Method, behaviour: Stream) -> Stream:
        def traced(request: Any, context: Any) -> AsyncGenerator[Any, None]:
            replies = behaviour(request, context)
            return (
                _traced(method, replies, request, context) if telemetry.enabled() else replies
            )

        return traced


async def _traced(
    method: Method, replies: AsyncGenerator[Any, None], request: Any, context: Any
) -> AsyncGenerator[Any, None]:
    with _server_span(method, request, context):
        async with aclosing(replies):
            async for reply in replies:
                yield reply


@contextmanager
def _server_span(method: Method, request: Any, context: Any) -> Iterator[None]:
    span = telemetry.span(
        f"{method.service}/{method.name}",
        kind="server",
        parent=_parent(context),
        attributes={
            "rpc.system": "grpc",
            "rpc.service": method.service,
            "rpc.method": method.name,
            SERVICE: service_name(method),
            **_subject(method, request),
        },
    )
    # The task belongs to the call, so the span may stay the current one to its end.
    span.activate()
    code = grpc.StatusCode.CANCELLED
    try:
        yield
        code = grpc.StatusCode.OK
    except Exception:
        code = context.code() or grpc.StatusCode.UNKNOWN
        raise
    finally:
        span.set("rpc.grpc.status_code", code.value[0])
        if code in FAULTS:
            span.fail(code.name)
        span.end()


def _subject(method: Method, request: Any) -> dict[str, str]:
    """What the call is about, as far as the contract says and the request was read."""
    if isinstance(request, Unread):
        return {}
    named = rights_of(method).named_in(request)
    return {RESOURCE: named[:LONGEST_SUBJECT]} if named else {}


def service_name(method: Method) -> str:
    """`penstock.api.state.v1.FlowRunService` is served by `penstock-state`."""
    parts = method.service.split(".")
    return f"penstock-{parts[-3]}" if len(parts) > 3 else method.service


def _parent(context: Any) -> str:
    for key, value in context.invocation_metadata() or ():
        if key == PARENT_KEY:
            return str(value)
    return ROOT
