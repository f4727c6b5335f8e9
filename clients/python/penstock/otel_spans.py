"""Spans by OpenTelemetry, sent over OTLP."""

from __future__ import annotations

import atexit
import logging
import os
from collections.abc import Callable, Sequence
from contextvars import Token
from types import TracebackType

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode

from penstock.spans import ENDPOINT, SERVICE, Attributes, Kind

KINDS: dict[Kind, SpanKind] = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}
EXPORTER_LOGGER = "opentelemetry.exporter.otlp.proto.grpc.exporter"
EXPORT_TIMEOUT = 3
EXPORT_INTERVAL_MS = 500


class OtelSpans:
    """Starts spans of one process, and sends them in batches from a thread."""

    def __init__(self, service_name: str, *, at_exit: Callable[[], None]) -> None:
        self._service_name = service_name
        resource = Resource.create(
            {"service.name": service_name, "process.pid": os.getpid()},
        )
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(_processor())
        self._tracer = self._provider.get_tracer("penstock")
        self._at_exit = atexit.register(at_exit)

    def start(
        self,
        name: str,
        *,
        kind: Kind,
        attributes: Attributes | None,
        parent: str | None,
        links: Sequence[str],
    ) -> OtelSpan:
        under = None if parent is None else _context_of(parent)
        started = self._tracer.start_span(
            name,
            context=under,
            kind=KINDS[kind],
            attributes={SERVICE: self._service_name} | dict(attributes or {}),
            links=[trace.Link(each) for each in map(_parse, links) if each],
        )
        return OtelSpan(started)

    def remote(self, traceparent: str) -> OtelSpan:
        return OtelSpan(NonRecordingSpan(_parse(traceparent) or trace.INVALID_SPAN_CONTEXT))

    def current_traceparent(self) -> str:
        return _traceparent(trace.get_current_span().get_span_context())

    def shutdown(self, timeout: float) -> None:
        atexit.unregister(self._at_exit)
        self._provider.force_flush(int(timeout * 1_000))
        self._provider.shutdown()


class OtelSpan:
    """One span of OpenTelemetry in the shape of `penstock.spans.Span`."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span
        self._before: Token[Context] | None = None

    @property
    def traceparent(self) -> str:
        return _traceparent(self._span.get_span_context())

    def set(self, key: str, value: str | bool | int | float) -> None:
        self._span.set_attribute(key, value)

    def fail(self, description: str) -> None:
        self._span.set_status(Status(StatusCode.ERROR, description))

    def activate(self) -> None:
        self._before = otel_context.attach(trace.set_span_in_context(self._span))

    def end(self) -> None:
        self._span.end()

    def __enter__(self) -> OtelSpan:
        self.activate()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        if self._before is not None:
            otel_context.detach(self._before)
        if isinstance(error, Exception):
            self.fail(f"{type(error).__name__}: {error}")
        self.end()


def _processor() -> BatchSpanProcessor:
    # The SDK's 5 s would lose much of a process that is killed.
    said = "OTEL_BSP_SCHEDULE_DELAY" in os.environ
    return BatchSpanProcessor(
        _exporter(), schedule_delay_millis=None if said else EXPORT_INTERVAL_MS
    )


def _exporter() -> OTLPSpanExporter:
    # Of each try that failed it warns; that spans are lost at last, it says as an error.
    exporter = logging.getLogger(EXPORTER_LOGGER)
    exporter.setLevel(exporter.level or logging.ERROR)
    # The exporter takes an address without a scheme for one with TLS.
    plain = "://" not in os.environ[ENDPOINT]
    return OTLPSpanExporter(insecure=True if plain else None, timeout=EXPORT_TIMEOUT)


def _context_of(traceparent: str) -> Context:
    if parent := _parse(traceparent):
        return trace.set_span_in_context(NonRecordingSpan(parent), Context())
    return Context()


def _traceparent(span: SpanContext) -> str:
    if not span.is_valid:
        return ""
    return f"00-{span.trace_id:032x}-{span.span_id:016x}-{span.trace_flags:02x}"


def _parse(traceparent: str) -> SpanContext | None:
    """Return what a traceparent names; one that is malformed names nothing."""
    try:
        version, trace_id, span_id, flags = traceparent.split("-")
        context = SpanContext(
            int(trace_id, 16), int(span_id, 16), True, trace.TraceFlags(int(flags, 16))
        )
    except ValueError:
        return None
    whole = (len(version), len(trace_id), len(span_id), len(flags)) == (2, 32, 16, 2)
    return context if whole and context.is_valid else None
