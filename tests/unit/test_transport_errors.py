"""Without our ErrorInfo the transport failed, whatever the code says."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
import pytest
from grpc.aio import AioRpcError, Metadata

from penstock.cli.exits import UNAVAILABLE, exit_code_of
from penstock.client.asking import ask
from penstock.errors import (
    DeadlineExceeded,
    MessageTooLarge,
    PenstockError,
    Unavailable,
)
from penstock.wire_channels import open_channel, with_call_defaults
from penstock.wire_errors import from_rpc_error

METHOD = "/penstock.api.state.v1.FlowRunService/GetFlowRun"


def named(code: grpc.StatusCode, said: str, target: str = "here:1") -> PenstockError:
    return from_rpc_error(AioRpcError(code, Metadata(), Metadata(), said), target=target)


@pytest.mark.parametrize(
    "code",
    [
        code
        for code in grpc.StatusCode
        if code
        not in (
            grpc.StatusCode.OK,
            grpc.StatusCode.DEADLINE_EXCEEDED,
            grpc.StatusCode.UNIMPLEMENTED,
        )
    ],
)
def test_a_code_without_our_info_is_something_between(code: grpc.StatusCode) -> None:
    error = named(code, "upstream connect error")
    assert isinstance(error, Unavailable)
    assert str(error) == (
        "something between this program and the server at here:1, such as a "
        f"proxy, answered {code.name}: "
        "upstream connect error"
    )
    assert exit_code_of(error) == UNAVAILABLE


def test_a_call_that_took_too_long_stays_one() -> None:
    assert type(named(grpc.StatusCode.DEADLINE_EXCEEDED, "")) is DeadlineExceeded


def test_a_message_that_grpc_itself_refuses_is_not_sent_again() -> None:
    said = "CLIENT: Sent message larger than max (9 vs. 8)"
    assert type(named(grpc.StatusCode.RESOURCE_EXHAUSTED, said)) is MessageTooLarge


@contextmanager
def http_server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Silent) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


class _Silent(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


async def answer_of(target: str) -> PenstockError:
    async with open_channel(target) as channel:
        call: Any = with_call_defaults(channel, target).unary_unary(METHOD)
        with pytest.raises(PenstockError) as caught:
            await ask(call, b"")
    return caught.value


def test_an_http_server_at_the_address_is_something_else() -> None:
    with http_server() as target:
        error = asyncio.run(answer_of(target))
    assert isinstance(error, Unavailable)
    words = f"another program or another version of Penstock answers at {target}: "
    assert str(error).startswith(words)


def test_so_is_another_grpc_server() -> None:
    async def asked() -> tuple[str, PenstockError]:
        server = grpc.aio.server()
        target = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        await server.start()
        try:
            return target, await answer_of(target)
        finally:
            await server.stop(None)

    target, error = asyncio.run(asked())
    assert exit_code_of(error) == UNAVAILABLE
    words = f"another program or another version of Penstock answers at {target}: "
    assert str(error).startswith(words)


@pytest.mark.parametrize("target", ["localhost:1", "no-such-host.invalid:1"])
def test_nobody_there_says_what_to_start(target: str) -> None:
    error = asyncio.run(answer_of(target))
    assert isinstance(error, Unavailable)
    assert str(error).startswith(f"no Penstock server answers at {target}: start one with")
    assert error.metadata == {"address": target}
