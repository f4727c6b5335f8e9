"""Sends a request and waits no longer than it may take."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Any, Self, cast

import grpc
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

from fuzz.http2 import RawCall, send_raw
from fuzz.requests import Request
from penstock.api.service_config import UNARY_SECONDS
from penstock.errors import DOMAIN
from penstock.wire_errors import DETAILS_KEY

# As long as the contract lets a caller wait.
CALL_SECONDS = UNARY_SECONDS
PARKED_SECONDS = 0.3
# A call that outlives its own deadline by so much has lost it.
GRACE_SECONDS = 10.0
MOST_REPLIES = 20
HEALTH_CHECK = "/grpc.health.v1.Health/Check"
CODES = {code.value[0]: code.name for code in grpc.StatusCode}
OPTIONS: Sequence[tuple[str, Any]] = [
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", 4 << 20),
    ("grpc.max_metadata_size", 64 * 1024),
    ("grpc.absolute_max_metadata_size", 64 * 1024),
    ("grpc.enable_http_proxy", 0),
    ("grpc.enable_retries", 0),
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.max_reconnect_backoff_ms", 100),
]


class Health(Enum):
    ANSWERS = "answers"
    BUSY = "does not answer in time"
    GONE = "takes no new connection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`code` is a name of gRPC's, or what else became of the call; `reason` is our own."""

    code: str
    text: str = ""
    reason: str = ""
    field: str = ""
    """The field that the reason is about, if it says so."""
    replies: Sequence[bytes] = ()


class Sender:
    """Holds the connection of a run."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._channel = _channel(address)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._channel.close()

    async def send(self, request: Request) -> Answer:
        assert request.rpc is not None, "raw calls are sent by send_raw"
        parks = request.rpc.parks
        seconds = PARKED_SECONDS if parks else CALL_SECONDS
        method: Any = self._channel.unary_stream(request.rpc.path)
        call = method(
            request.data, timeout=seconds, metadata=cast(Any, tuple(request.metadata))
        )
        replies: list[bytes] = []
        try:
            async with asyncio.timeout(seconds + GRACE_SECONDS):
                async for reply in call:
                    replies.append(reply)
                    if parks or len(replies) >= MOST_REPLIES:
                        break
        except TimeoutError:
            return Answer(code="HANG", text="the call outlived its deadline")
        except grpc.aio.AioRpcError as error:
            return _refusal(error)
        finally:
            call.cancel()
        return Answer(code="OK", replies=replies)

    async def send_raw(self, call: RawCall) -> Answer:
        host, _, port = self._address.rpartition(":")
        try:
            answer = await send_raw(host, int(port), call)
        except (OSError, TimeoutError) as error:
            return Answer(code="NO CONNECTION", text=type(error).__name__)
        if answer.status < 0:
            return Answer(code=answer.text)
        return Answer(code=CODES.get(answer.status, str(answer.status)), text=answer.text)

    async def health(self) -> Health:
        """Ask as somebody who comes now, and who waits a moment for a server that starts."""
        async with _channel(self._address) as channel:
            check: Any = channel.unary_unary(HEALTH_CHECK)
            try:
                await check(b"", timeout=CALL_SECONDS, wait_for_ready=True)
            except grpc.aio.AioRpcError:
                return Health.BUSY if await self._is_open() else Health.GONE
        return Health.ANSWERS

    async def _is_open(self) -> bool:
        host, _, port = self._address.rpartition(":")
        try:
            _, writer = await asyncio.open_connection(host, int(port))
        except OSError:
            return False
        writer.close()
        return True

    async def reconnect(self) -> None:
        """Forget that nobody answered."""
        await self._channel.close()
        self._channel = _channel(self._address)


def _channel(address: str) -> grpc.aio.Channel:
    return grpc.aio.insecure_channel(address, options=OPTIONS)


def _refusal(error: grpc.aio.AioRpcError) -> Answer:
    trailing = dict(cast(Any, error.trailing_metadata()) or ())
    reason = field = ""
    for detail in Status.FromString(trailing.get(DETAILS_KEY, b"")).details:
        info = ErrorInfo()
        if detail.Unpack(info) and info.domain == DOMAIN:
            reason, field = info.reason, info.metadata["field"]
    return Answer(
        code=error.code().name, text=error.details() or "", reason=reason, field=field
    )
