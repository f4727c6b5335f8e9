"""Spans as a collector receives them; each program runs in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import (
    trace_service_pb2,
    trace_service_pb2_grpc,
)

from hanging import HANG_LIMIT
from penstock.spans import ENDPOINT


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    def __init__(self) -> None:
        self.address = ""
        self.spans: list[Any] = []
        self.services: dict[bytes, str] = {}

    def Export(self, request: Any, context: Any) -> Any:  # noqa: N802
        for resource in request.resource_spans:
            service = {
                each.key: each.value.string_value for each in resource.resource.attributes
            }["service.name"]
            for scope in resource.scope_spans:
                self.spans += scope.spans
                self.services |= {span.span_id: service for span in scope.spans}
        return trace_service_pb2.ExportTraceServiceResponse()

    def named(self, name: str) -> Any:
        [span] = [each for each in self.spans if each.name == name]
        return span


@pytest.fixture
def collector() -> Iterator[Collector]:
    servicer = Collector()
    server = grpc.server(ThreadPoolExecutor(max_workers=1))
    add: Any = trace_service_pb2_grpc.add_TraceServiceServicer_to_server
    add(servicer, server)
    servicer.address = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield servicer
    server.stop(None)


def run(program: str, endpoint: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if "OTEL" not in key}
    variables = inherited | {"PYTHONPATH": os.pathsep.join(sys.path)} | environ
    if endpoint:
        variables[ENDPOINT] = endpoint
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=HANG_LIMIT,
    )


def test_nothing_is_loaded_while_telemetry_is_off() -> None:
    done = run("""
        import sys
        from penstock import telemetry
        telemetry.configure("test")
        with telemetry.span("a", kind="client", attributes={"k": 1}) as span:
            span.set("k", 2)
            assert (span.traceparent, telemetry.current_traceparent()) == ("", "")
        with telemetry.attach("00-" + "a" * 32 + "-" + "b" * 16 + "-01"):
            assert telemetry.current_traceparent() == ""
        telemetry.shutdown()
        assert not telemetry.enabled()
        loaded = [n for n in sys.modules if n.startswith(("opentelemetry", "grpc", "asyncio"))]
        assert loaded == [], loaded
    """)
    assert done.stderr == ""


def test_spans_nest_and_reach_the_collector_at_exit(collector: Collector) -> None:
    done = run(
        """
        from penstock import telemetry
        telemetry.configure("penstock-test")
        with telemetry.span("outer", attributes={"k": "v"}) as outer:
            assert telemetry.current_traceparent() == outer.traceparent
            with telemetry.span("inner", kind="client"):
                pass
        assert telemetry.current_traceparent() == ""
        """,
        collector.address,
    )
    assert (done.returncode, done.stderr) == (0, "")
    outer, inner = collector.named("outer"), collector.named("inner")
    assert (outer.parent_span_id, inner.parent_span_id) == (b"", outer.span_id)
    assert inner.trace_id == outer.trace_id
    attributes = {each.key: each.value.string_value for each in outer.attributes}
    assert attributes == {"k": "v", "penstock.service": "penstock-test"}
    assert collector.services[outer.span_id] == "penstock-test"


def test_a_trace_goes_on_from_a_traceparent(collector: Collector) -> None:
    run(
        """
        from penstock import telemetry
        from penstock.spans import ROOT
        telemetry.configure("test")
        above = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
        with telemetry.attach(above):
            assert telemetry.current_traceparent() == above
            with telemetry.span("attached"):
                pass
            with telemetry.span("root", parent=ROOT, links=[above, "nonsense"]):
                pass
        with telemetry.span("given", parent=above):
            pass
        with telemetry.span("lost", parent="nonsense"):
            pass
        """,
        collector.address,
    )
    above = (bytes([0xAA] * 16), bytes([0xBB] * 8))
    for name in ("attached", "given"):
        span = collector.named(name)
        assert (span.trace_id, span.parent_span_id) == above
    root = collector.named("root")
    assert (root.parent_span_id, root.trace_id != above[0]) == (b"", True)
    assert [(link.trace_id, link.span_id) for link in root.links] == [above]
    assert collector.named("lost").parent_span_id == b""


def test_a_failed_block_is_a_failed_span(collector: Collector) -> None:
    run(
        """
        from penstock import telemetry
        telemetry.configure("test")
        with telemetry.span("broken"):
            raise ValueError("why")
        """,
        collector.address,
    )
    status = collector.named("broken").status
    assert (status.code, status.message) == (2, "ValueError: why")


def test_a_collector_that_is_away_does_not_hold_the_process_up() -> None:
    done = run(
        """
        import os
        # Else the exporter gives up by itself.
        os.environ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "600"
        from penstock import telemetry
        telemetry.configure("test")
        with telemetry.span("a"):
            pass
        telemetry.shutdown(1)
        """,
        "http://127.0.0.1:1",
    )
    assert done.returncode == 0, done.stderr


def test_a_missing_exporter_is_told() -> None:
    done = run(
        """
        import sys
        sys.modules["opentelemetry"] = None
        from penstock import telemetry
        telemetry.configure("test")
        """,
        "http://127.0.0.1:1",
    )
    assert "pip install 'penstock[otel]'" in done.stderr.splitlines()[-1]


CALLS = """
import asyncio
from contract.chassis.echo_service import EchoServicer, EchoStub, text
from penstock import telemetry
from penstock.errors import FlowRunNotFound
from penstock.wire_channels import open_channel, with_call_defaults
from penstock.wire_errors import named_errors
from penstockd.chassis.clock import system_clock
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import local_channel
from penstockd.chassis.mounted import Mounted
from penstockd.chassis.server import Server, ServerConfig

telemetry.configure("test")
servicer = EchoServicer()

async def calls(channel):
    stub = EchoStub(with_call_defaults(channel))
    with telemetry.span("caller") as caller:
        await stub.Echo(text("x"))
        assert servicer.seen["traceparent"][:36] == caller.traceparent[:36]
        assert [each async for each in stub.Count(text(3))]
        watch = stub.WatchEcho(text("x"))
        await anext(aiter(watch))
        watch.cancel()
        try:
            with named_errors():
                await stub.Fail(text("bug"))
        except Exception as error:
            assert str(error) == "a bug in the server", error
    await servicer.cancelled.wait()
    for _ in range(20):
        await asyncio.sleep(0)

async def local():
    await calls(local_channel(Mounted(servicers=[servicer]), standard_chain()))

async def remote():
    server = Server([Mounted(servicers=[servicer])], ServerConfig(), clock=system_clock())
    async with server, open_channel(server.address) as channel:
        await calls(channel)
"""


@pytest.mark.parametrize("transport", ["local", "remote"])
def test_every_call_has_one_client_and_one_server_span(
    collector: Collector, transport: str
) -> None:
    done = run(f"{CALLS}\nasyncio.run({transport}())", collector.address)
    assert done.returncode == 0, done.stderr
    caller = collector.named("caller")
    for method in ("Echo", "Count", "Fail", "WatchEcho"):
        spans = [
            each for each in collector.spans if each.name.endswith(f"EchoService/{method}")
        ]
        client, server = sorted(spans, key=lambda span: -span.kind)
        assert (client.kind, server.kind) == (3, 2)
        assert server.parent_span_id == client.span_id
        assert server.trace_id == client.trace_id
        shared = method == "WatchEcho"
        assert (client.trace_id == caller.trace_id) is not shared
        assert client.parent_span_id == (b"" if shared else caller.span_id)
        assert [link.span_id for link in client.links] == [caller.span_id] * shared
        codes = {"Fail": [13, 13], "WatchEcho": [1, 1]}.get(method, [0, 0])
        assert [code_of(client), code_of(server)] == codes


def code_of(span: Any) -> int:
    [code] = [
        each.value.int_value for each in span.attributes if each.key == "rpc.grpc.status_code"
    ]
    return int(code)
