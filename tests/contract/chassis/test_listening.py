"""A call that ends grpc.aio's accept loop ends neither the server nor the calls that run."""

import asyncio
import logging
import socket
import stat
from collections.abc import AsyncIterator
from datetime import timedelta

import grpc
import pytest
import pytest_asyncio

from contract.chassis.echo_service import SERVICE, EchoServicer, EchoStub, soon, text, until
from hanging import HANG_LIMIT
from http2 import a_call, send
from penstock.errors import Unavailable
from penstockd.chassis import listening
from penstockd.chassis.clock import system_clock
from penstockd.chassis.listening import Listener
from penstockd.chassis.mounted import Mounted
from penstockd.chassis.server import Server, ServerConfig

pytestmark = pytest.mark.asyncio

NO_TEXT = a_call(b"/\xff")
HOST = "127.0.0.1"
GOODBYE = b"Server shutdown"
SOON = 30


class Slow(EchoServicer):
    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()

    async def park(self, request: object, _context: object) -> object:  # type: ignore[override]
        self.parked.set()
        await self.go_on.wait()
        return request


@pytest_asyncio.fixture
async def servicer() -> Slow:
    return Slow()


@pytest_asyncio.fixture
async def server(servicer: Slow) -> AsyncIterator[Server]:
    config = ServerConfig(drain_limit=timedelta(seconds=1))
    async with Server([Mounted(servicers=[servicer])], config, clock=system_clock()) as server:
        yield server


async def test_a_path_that_is_no_text_leaves_the_port_open(server: Server) -> None:
    for _ in range(3):
        await send(server.address, NO_TEXT, until=GOODBYE)
        await echoed(server.address)


async def test_a_call_that_runs_meanwhile_is_answered(server: Server, servicer: Slow) -> None:
    async with grpc.aio.insecure_channel(server.address) as channel:
        call = EchoStub(channel).Sleep(text("slow"), timeout=SOON)
        await soon(servicer.parked)
        await send(server.address, NO_TEXT, until=GOODBYE)
        await echoed(server.address)
        servicer.go_on.set()
        assert await call == text("slow")


async def test_it_is_told_once_and_counted(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        await send(server.address, NO_TEXT, until=GOODBYE)
        await echoed(server.address)
    told = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert [(each.getMessage(), each.__dict__["restarts"]) for each in told] == [
        ("server.listens_again", 1)
    ]
    assert "Traceback" not in caplog.text


async def test_metadata_that_is_no_text_is_no_news(
    server: Server, servicer: Slow, caplog: pytest.LogCaptureFixture
) -> None:
    odd = [(b"traceparent", b"\xff"), (b"penstock-client", b"\xff")]
    call = a_call(f"/{SERVICE}/Echo".encode(), (b"grpc-timeout", b"9S"), *odd)
    await send(server.address, call, until=b"grpc-status")
    assert servicer.seen["client"] == ""
    assert caplog.records == []


async def test_a_port_that_cannot_be_had_again_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "TRIES", 1)
    with socket.socket() as other:

        def build() -> grpc.aio.Server:
            """As the second server begins, somebody else has just taken the port."""
            if listener.address != f"{HOST}:0":
                other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                other.bind((HOST, int(listener.address.rpartition(":")[2])))
                other.listen()
            return grpc.aio.server(options=[("grpc.so_reuseport", 0)])

        listener = Listener(build, HOST, 0)
        await listener.start()
        keeping = asyncio.create_task(listener.keep())
        await send(listener.address, NO_TEXT, until=GOODBYE)
        with pytest.raises(Unavailable, match=listener.address):
            async with asyncio.timeout(HANG_LIMIT):
                await keeping


@pytest.mark.parametrize("host", ["", HOST])
async def test_a_socket_is_listened_on_anew_and_stays_private(
    servicer: Slow, tmp_path_factory: pytest.TempPathFactory, host: str
) -> None:
    # A socket's path may not be long.
    folder = tmp_path_factory.mktemp("s")
    path = folder / "p.sock"
    config = ServerConfig(host=host, socket=path, drain_limit=timedelta(seconds=1))
    async with Server([Mounted(servicers=[servicer])], config, clock=system_clock()) as server:
        assert server.address.startswith(host or f"unix:{path}")
        for _ in range(3):
            await send(f"unix:{path}", NO_TEXT, until=GOODBYE)
            for each in (f"unix:{path}", server.address):
                await echoed(each)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        # A server that ended removes the path that it was bound to.
        await until(lambda: not server._listener._retired)
        await echoed(f"unix:{path}")
        assert list(folder.iterdir()) == [path]
    assert list(folder.iterdir()) == []


async def echoed(address: str) -> None:
    """Return when the server answers; it may just be listening anew."""
    async with grpc.aio.insecure_channel(address) as channel:
        reply = await EchoStub(channel).Echo(text("x"), timeout=SOON, wait_for_ready=True)
    assert reply == text("x")
