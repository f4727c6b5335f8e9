"""What a span is, whoever collects it."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Literal, Protocol

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Attributes = Mapping[str, str | bool | int | float]

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
SERVICE = "penstock.service"
ROOT = ""


class Span(Protocol):
    """A running span. As a context manager it is the current one, and ends with its block."""

    @property
    def traceparent(self) -> str: ...

    def set(self, key: str, value: str | bool | int | float) -> None: ...

    def fail(self, description: str) -> None:
        """Mark what the span stands for as failed."""

    def activate(self) -> None:
        """Make it the current span for the rest of this task."""

    def end(self) -> None: ...
    def __enter__(self) -> Span: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None: ...


class _NoSpan:
    """What every span is while telemetry is off."""

    @property
    def traceparent(self) -> str:
        return ""

    def set(self, key: str, value: str | bool | int | float) -> None: ...
    def fail(self, description: str) -> None: ...
    def activate(self) -> None: ...
    def end(self) -> None: ...

    def __enter__(self) -> Span:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None: ...


NO_SPAN: Span = _NoSpan()
