"""Spans and trace context, without a cost while nobody collects them.

OpenTelemetry is imported only when `configure` finds OTEL_EXPORTER_OTLP_ENDPOINT set.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from penstock.errors import PenstockError
from penstock.spans import ENDPOINT, NO_SPAN, Attributes, Kind, Span

if TYPE_CHECKING:
    from penstock.otel_spans import OtelSpans

_spans: OtelSpans | None = None


def configure(service_name: str) -> None:
    """Begin to export spans under this service name, if an OTLP endpoint is set.

    The first call decides for the process; further ones change nothing.
    """
    global _spans  # noqa: PLW0603 - one exporter per process
    if _spans is not None or not os.environ.get(ENDPOINT):
        return
    try:
        from penstock.otel_spans import OtelSpans
    except ImportError as error:
        raise PenstockError(
            f"{ENDPOINT} is set, but the exporter is not installed: "
            "run `pip install 'penstock[otel]'`, or unset it"
        ) from error
    _spans = OtelSpans(service_name, at_exit=shutdown)


def enabled() -> bool:
    return _spans is not None


def span(
    name: str,
    *,
    kind: Kind = "internal",
    attributes: Attributes | None = None,
    parent: str | None = None,
    links: Sequence[str] = (),
) -> Span:
    """Start a span, to be used in a `with` statement or ended by hand.

    `parent` and `links` are W3C traceparents; without a parent the current span is it, and
    ROOT begins a new trace.
    """
    if _spans is None:
        return NO_SPAN
    return _spans.start(name, kind=kind, attributes=attributes, parent=parent, links=links)


def current_traceparent() -> str:
    """Return the W3C traceparent of the current span; empty when there is none."""
    return "" if _spans is None else _spans.current_traceparent()


def attach(traceparent: str) -> Span:
    """In a `with` statement: what starts inside belongs to that trace."""
    return NO_SPAN if _spans is None or not traceparent else _spans.remote(traceparent)


def shutdown(timeout: float = 3.0) -> None:
    """Send what is left, for at most that many seconds, and stop exporting."""
    global _spans
    spans, _spans = _spans, None
    if spans is not None:
        spans.shutdown(timeout)
