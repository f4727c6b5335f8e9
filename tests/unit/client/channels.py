"""Stands where a channel is: answers by itself, or changes some calls of another one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, cast
from uuid import UUID

import grpc
from google.protobuf.message import Message

from penstock.client.connection import Channels, Connection
from penstock.client.rows import Row
from penstock.ground.loop_thread import LoopThread
from penstock.ground.settings import SERVICES

SESSION = UUID(int=7)

Call = Callable[..., Any]
Answer = Callable[[Any], Any]


class Answering:
    """Answers each method by a function of its request, which may raise; keeps what is asked.

    A stream is answered by the messages that its function returns.
    """

    def __init__(self, **answers: Answer) -> None:
        self._answers = answers
        self.asked: list[Any] = []

    def unary_unary(self, path: str, **_options: Any) -> Call:
        async def call(request: Any, **_said: Any) -> Message:
            answer: Message = self._answer(path, request)
            return answer

        return call

    def unary_stream(self, path: str, **_options: Any) -> Call:
        async def call(request: Any) -> AsyncIterator[Message]:
            answers: Iterable[Message] = self._answer(path, request)
            for each in answers:
                yield each

        return call

    def _answer(self, path: str, request: Any) -> Any:
        # What is sent does not change when the caller goes on with its request.
        kept = type(request)()
        kept.CopyFrom(request)
        self.asked.append(kept)
        return self._answers[path.rpartition("/")[2]](kept)


class Changing:
    """Makes the calls of another channel, some of them changed."""

    def __init__(self, channel: grpc.aio.Channel, **changes: Callable[[Call], Call]) -> None:
        self._channel, self._changes = channel, changes

    def unary_unary(self, path: str, **options: Any) -> Call:
        return self._changed(path, self._channel.unary_unary(path, **options))

    def unary_stream(self, path: str, **options: Any) -> Call:
        return self._changed(path, self._channel.unary_stream(path, **options))

    def _changed(self, path: str, call: Call) -> Call:
        change = self._changes.get(path.rpartition("/")[2])
        return call if change is None else change(call)


def in_one(pages: AsyncIterator[list[Row]]) -> list[Row]:
    """Return what all pages have."""

    async def read() -> list[Row]:
        return [row async for page in pages for row in page]

    return asyncio.run(read())


def connection_over(
    channel: Answering | Changing, loop: LoopThread | None = None
) -> Connection:
    """Return a connection of which every service is behind this channel."""
    by_service = dict.fromkeys(SERVICES, cast(grpc.aio.Channel, channel))
    return Connection(
        cast(LoopThread, loop),
        Channels(by_service=by_service, closers=[]),
        session_id=SESSION,
        namespace="default",
    )
