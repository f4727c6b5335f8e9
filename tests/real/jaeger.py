"""A real Jaeger 2, which keeps what it is sent in memory, and its query API."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from string import Template
from typing import Any

from integration.system import unused_addresses
from otlp_receiver import SeenSpan

START_LIMIT = 20.0
CONFIGURATION = Template("""
service:
  extensions: [jaeger_storage, jaeger_query]
  pipelines:
    traces: {receivers: [otlp], exporters: [jaeger_storage_exporter]}
  telemetry:
    metrics: {level: none}
extensions:
  jaeger_storage:
    backends:
      memory: {memory: {max_traces: 10000}}
  jaeger_query:
    storage: {traces: memory}
    grpc: {endpoint: "$query_grpc"}
    http: {endpoint: "$query"}
receivers:
  otlp:
    protocols:
      grpc: {endpoint: "$otlp"}
exporters:
  jaeger_storage_exporter: {trace_storage: memory}
""")


class Jaeger:
    """Where spans go, and how they are read back."""

    def __init__(self, otlp: str, query: str) -> None:
        self.endpoint = f"http://{otlp}"
        self._query = f"http://{query}/api"
        # A proxy of the environment would be asked for this very machine.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def services(self) -> set[str]:
        return set(self._get("services") or ())

    def trace(self, trace_id: str) -> Sequence[SeenSpan]:
        """Return the spans of a trace; none when it is unknown."""
        try:
            [found] = self._get(f"traces/{trace_id}")
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            return []
        processes = found["processes"]
        return [_span(each, processes[each["processID"]]) for each in found["spans"]]

    def settled(self, trace_id: str, *, quiet: float, within: float) -> Sequence[SeenSpan]:
        """Return the trace when it has not grown for a while."""
        end = time.monotonic() + within
        spans = self.trace(trace_id)
        while time.monotonic() < end:
            time.sleep(quiet)
            before, spans = spans, self.trace(trace_id)
            if spans and len(before) == len(spans):
                break
        return spans

    def _get(self, path: str) -> Any:
        with self._opener.open(f"{self._query}/{path}", timeout=5.0) as answer:
            return json.load(answer)["data"]


@contextmanager
def started(program: Path, folder: Path) -> Iterator[Jaeger]:
    """Start Jaeger on ports of its own; it ends with the block."""
    otlp, query, query_grpc = unused_addresses(3)
    file, log = folder / "jaeger.yaml", folder / "jaeger.log"
    file.write_text(CONFIGURATION.substitute(otlp=otlp, query=query, query_grpc=query_grpc))
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, "--config", file], stdout=output, stderr=output, cwd=folder
        )
    jaeger = Jaeger(otlp, query)
    try:
        _until_it_answers(jaeger, process, log)
        yield jaeger
    finally:
        # Its graceful end may take long, and nothing of it is worth keeping.
        process.kill()
        process.wait()


def _until_it_answers(jaeger: Jaeger, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_LIMIT
    while process.poll() is None and time.monotonic() < end:
        try:
            jaeger.services()
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"Jaeger does not answer:\n{log.read_text()[-4_000:]}")


def _span(span: dict[str, Any], process: dict[str, Any]) -> SeenSpan:
    tags = {each["key"]: str(each["value"]) for each in span["tags"]}
    parents = [each["spanID"] for each in span["references"] if each["refType"] == "CHILD_OF"]
    about = {each["key"]: each["value"] for each in process["tags"]}
    return SeenSpan(
        trace_id=span["traceID"],
        span_id=span["spanID"],
        parent_id=parents[0] if parents else "",
        name=span["operationName"],
        kind=tags.get("span.kind", "internal").upper(),
        service=process["serviceName"],
        pid=int(about["process.pid"]),
        attributes=tags,
    )
