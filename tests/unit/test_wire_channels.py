"""Call defaults above any transport, and what happens when nobody answers."""

import asyncio
import json
import socket
import tomllib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
import pytest_asyncio

from contract.chassis.echo_service import EchoServicer, EchoStub, text
from hanging import HANG_LIMIT
from penstock.api.service_config import LONG_POLL_SECONDS, SERVICE_CONFIG
from penstock.errors import DeadlineExceeded, Unavailable
from penstock.wire_channels import (
    CLIENT,
    OPTIONS,
    config_for_grpc,
    connected,
    open_channel,
    parks,
    seconds_for,
    set_deadline,
    with_call_defaults,
)
from penstock.wire_errors import named_errors
from penstockd.chassis.clock import system_clock
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import local_channel
from penstockd.chassis.mounted import Mounted
from penstockd.chassis.server import Server, ServerConfig
from witness import methods

pytestmark = pytest.mark.asyncio
JITTER = 0.2  # gRPC's, of both backoffs
# gRPC retries what the contract describes.
DESCRIBED = "penstock.api.state.v1.FlowService"


@pytest_asyncio.fixture
async def servicer() -> EchoServicer:
    return EchoServicer()


@pytest_asyncio.fixture(params=["local", "socket"])
async def stub(
    request: pytest.FixtureRequest, servicer: EchoServicer
) -> AsyncIterator[EchoStub]:
    mounted = Mounted(servicers=[servicer])
    if request.param == "local":
        yield EchoStub(with_call_defaults(local_channel(mounted, standard_chain())))
        return
    server = Server([mounted], ServerConfig(), clock=system_clock())
    async with server, open_channel(server.address) as channel:
        yield EchoStub(with_call_defaults(channel))


@pytest.mark.parametrize(
    ("path", "streams", "seconds"),
    [
        ("/penstock.api.state.v1.FlowRunService/CreateFlowRun", False, 10),
        ("/penstock.api.scheduler.v1.WorkService/Acquire", False, 45),
        ("/penstock.api.state.v1.LeaseService/Renew", False, 45),
        ("/penstock.api.state.v1.FlowRunService/WatchFlowRuns", True, 1_800),
        ("/penstock.api.artifact.v1.ContentService/DownloadContent", True, 1_800),
        ("/grpc.health.v1.Health/Check", False, 10),
        ("/grpc.health.v1.Health/Watch", True, 1_800),
    ],
)
async def test_a_method_has_a_usual_deadline(path: str, streams: bool, seconds: float) -> None:
    assert seconds_for(path, streams=streams) == seconds


async def test_what_parks_is_known_by_its_name() -> None:
    """Servers let go of parked calls by the name alone."""
    for method in methods():
        path = f"/{method.containing_service.full_name}/{method.name}"
        if not method.server_streaming:
            seconds = seconds_for(path, streams=False)
            assert parks(path) == (seconds == LONG_POLL_SECONDS), path


async def test_the_client_tells_the_version_of_the_package() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert f"python/{project['project']['version']}" == CLIENT


async def test_a_call_carries_deadline_and_client(
    stub: EchoStub, servicer: EchoServicer
) -> None:
    assert await stub.Echo(text("x")) == text("x")
    assert 5 < servicer.seen["left"] < 10.1
    assert servicer.seen["client"].startswith("python/")
    assert "traceparent" not in servicer.seen["metadata"]


async def test_what_the_caller_says_goes_first(stub: EchoStub, servicer: EchoServicer) -> None:
    await stub.Echo(text("x"), timeout=3, metadata=[("k", "v")])
    assert servicer.seen["left"] < 3.1
    assert servicer.seen["metadata"]["k"] == "v"


async def test_a_caller_waits_no_longer_than_the_contract_says(
    stub: EchoStub, servicer: EchoServicer
) -> None:
    await stub.Echo(text("x"), timeout=3_600)
    assert servicer.seen["left"] < 10.1


async def test_grpc_is_left_the_retries_and_no_deadlines() -> None:
    given, whole = json.loads(config_for_grpc()), SERVICE_CONFIG
    assert given["loadBalancingConfig"] == whole["loadBalancingConfig"]
    for left, group in zip(given["methodConfig"], whole["methodConfig"], strict=True):
        assert left == {key: group[key] for key in ("name", "retryPolicy")}


async def test_a_call_ends_before_the_call_that_makes_it(
    stub: EchoStub, servicer: EchoServicer
) -> None:
    set_deadline(5)
    await stub.Echo(text("x"))
    assert servicer.seen["left"] < 5
    set_deadline(0)
    with pytest.raises(DeadlineExceeded), named_errors():
        await stub.Sleep(text("x"))


async def test_streams_and_cancellation_work_as_before(
    stub: EchoStub, servicer: EchoServicer
) -> None:
    assert [each.value async for each in stub.Count(text(3))] == ["0", "1", "2"]
    call = stub.WatchEcho(text("x"))
    await anext(aiter(call))
    call.cancel()
    await servicer.cancelled.wait()


def a_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def test_nobody_there_is_an_error_that_says_what_to_start() -> None:
    target = f"127.0.0.1:{a_free_port()}"
    async with open_channel(target) as channel:
        with pytest.raises(Unavailable, match=f"{target}.*penstock up") as caught:
            await connected(channel, target, within=0.3)
    assert caught.value.metadata == {"address": target}


async def test_a_call_to_nobody_is_unavailable_before_its_deadline() -> None:
    target = f"127.0.0.1:{a_free_port()}"
    async with open_channel(target) as channel:
        with pytest.raises(Unavailable), named_errors():
            await EchoStub(with_call_defaults(channel)).Echo(text("x"))


async def test_a_server_that_starts_late_is_waited_for() -> None:
    port = a_free_port()
    server = Server([], ServerConfig(port=port), clock=system_clock())
    async with open_channel(f"dns:///127.0.0.1:{port}") as channel:
        waiting = asyncio.create_task(connected(channel, f"127.0.0.1:{port}"))
        await asyncio.sleep(0)
        async with server:
            await waiting


async def test_a_server_that_comes_back_is_found_by_the_next_call() -> None:
    """However many calls failed while it was away, the one after them is retried as ever."""
    port = a_free_port()
    server = Server(
        [Mounted(servicers=[EchoServicer(DESCRIBED)])],
        ServerConfig(port=port),
        clock=system_clock(),
    )
    async with open_channel(f"127.0.0.1:{port}") as channel:
        stub = EchoStub(with_call_defaults(channel), DESCRIBED)
        for _ in range(3):
            lost = [stub.Echo(text("x")) for _ in range(5)]
            answers = await asyncio.gather(*lost, return_exceptions=True)
            assert all(isinstance(it, grpc.aio.AioRpcError) for it in answers)
        async with server:
            assert await stub.Echo(text("back")) == text("back")


async def test_reconnecting_takes_less_than_the_retries_of_a_call() -> None:
    policy = SERVICE_CONFIG["methodConfig"][0]["retryPolicy"]
    first, factor = float(policy["initialBackoff"][:-1]), policy["backoffMultiplier"]
    retries = sum(first * factor**it for it in range(policy["maxAttempts"] - 1))
    reconnect = dict(OPTIONS)["grpc.max_reconnect_backoff_ms"] / 1_000
    assert reconnect * (1 + JITTER) < retries * (1 - JITTER)


async def a_flaky_server(failures: int, code: grpc.StatusCode) -> tuple[Any, list[int], str]:
    attempts: list[int] = []

    async def echo(request: bytes, context: Any) -> bytes:
        attempts.append(1)
        if len(attempts) <= failures:
            await context.abort(code, "flaky")
        return request

    server = grpc.aio.server()
    handlers: dict[str, Any] = {"Echo": grpc.unary_unary_rpc_method_handler(echo)}
    server.add_registered_method_handlers(DESCRIBED, handlers)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler(DESCRIBED, handlers),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, attempts, f"127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("retries", "failures", "code", "expected"),
    [
        (True, 3, grpc.StatusCode.UNAVAILABLE, 4),
        (True, 1, grpc.StatusCode.ABORTED, 1),
        (False, 1, grpc.StatusCode.UNAVAILABLE, 1),
    ],
)
async def test_only_unavailable_is_retried(
    retries: bool, failures: int, code: grpc.StatusCode, expected: int
) -> None:
    server, attempts, address = await a_flaky_server(failures, code)
    async with open_channel(address, retries=retries) as channel:
        echo: Callable[..., Any] = channel.unary_unary(f"/{DESCRIBED}/Echo")
        if expected > failures:
            assert await echo(b"x", timeout=HANG_LIMIT) == b"x"
        else:
            with pytest.raises(grpc.aio.AioRpcError):
                await echo(b"x", timeout=HANG_LIMIT)
    await server.stop(None)
    assert len(attempts) == expected


class Silent:
    """A service that takes calls and never answers them, but for the connections named."""

    def __init__(self) -> None:
        self.peers: list[str] = []
        self.answers = False

    async def renew(self, request: bytes, context: Any) -> bytes:
        self.peers.append(context.peer())
        if not self.answers:
            await asyncio.Event().wait()
        return request


async def test_what_must_be_heard_in_time_goes_another_way_when_it_was_not() -> None:
    silent = Silent()
    server = grpc.aio.server()
    handler: Any = grpc.unary_unary_rpc_method_handler(silent.renew)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler(DESCRIBED, {"Renew": handler}),)
    )
    target = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    channel = with_call_defaults(open_channel(target), target)
    renew: Any = channel.unary_unary(f"/{DESCRIBED}/Renew")
    for _ in range(2):
        with pytest.raises(DeadlineExceeded), named_errors(renew):
            await renew(b"x", timeout=3)
    silent.answers = True
    for _ in range(2):
        assert await renew(b"x", timeout=HANG_LIMIT) == b"x"
    await channel.close()
    await server.stop(None)
    first, second, third, fourth = silent.peers
    # Each that was not heard turns the way; one that was keeps it.
    assert first != second
    assert first == third == fourth
