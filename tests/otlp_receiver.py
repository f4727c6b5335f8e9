"""Receives spans over OTLP, as a collector does, and keeps them as plain values."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Condition
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1 import (
    trace_service_pb2,
    trace_service_pb2_grpc,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span as WireSpan

from hanging import HANG_LIMIT


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSpan:
    """One span, and which process sent it. `parent_id` is empty at the root."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: str
    service: str
    pid: int
    attributes: dict[str, str]


class OtlpReceiver(trace_service_pb2_grpc.TraceServiceServicer):
    """What was sent to it so far, and how to wait for more."""

    def __init__(self) -> None:
        self.endpoint = ""
        self._spans: list[SeenSpan] = []
        self._news = Condition()

    def Export(self, request: Any, context: Any) -> Any:  # noqa: N802
        seen = [span for resource in request.resource_spans for span in _spans(resource)]
        with self._news:
            self._spans += seen
            self._news.notify_all()
        return trace_service_pb2.ExportTraceServiceResponse()

    def trace(self, trace_id: str) -> Sequence[SeenSpan]:
        with self._news:
            return [span for span in self._spans if span.trace_id == trace_id]

    def settled(
        self, trace_id: str, *, quiet: float, whole: Callable[[Sequence[SeenSpan]], bool]
    ) -> Sequence[SeenSpan]:
        """Return the trace once it is whole and nothing came to it for a while.

        Exporters send by a timer.
        """
        end = time.monotonic() + HANG_LIMIT
        spans: Sequence[SeenSpan] = []
        while time.monotonic() < end:
            with self._news:
                self._news.wait_for(partial(self._has_more, trace_id, len(spans)), quiet)
            before, spans = spans, self.trace(trace_id)
            if len(spans) == len(before) and whole(spans):
                break
        return spans

    def _has_more(self, trace_id: str, than: int) -> bool:
        return len(self.trace(trace_id)) > than


@contextmanager
def otlp_receiver() -> Iterator[OtlpReceiver]:
    receiver = OtlpReceiver()
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    add: Any = trace_service_pb2_grpc.add_TraceServiceServicer_to_server
    add(receiver, server)
    receiver.endpoint = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield receiver
    finally:
        server.stop(None).wait()


def _spans(resource: Any) -> Iterator[SeenSpan]:
    about = {each.key: each.value for each in resource.resource.attributes}
    for scope in resource.scope_spans:
        for span in scope.spans:
            yield SeenSpan(
                trace_id=span.trace_id.hex(),
                span_id=span.span_id.hex(),
                parent_id=span.parent_span_id.hex(),
                name=span.name,
                kind=WireSpan.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
                service=about["service.name"].string_value,
                pid=about["process.pid"].int_value,
                attributes={each.key: each.value.string_value for each in span.attributes},
            )
