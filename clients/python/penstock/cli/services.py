"""How a command asks the services, and waits for the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from threading import Event
from typing import Any, TypeVar

from penstock.client.connection import Connection
from penstock.client.process_connection import process_connection

T = TypeVar("T")
# What a question that Ctrl-C ended may take to leave the terminal as it found it.
LEAVING_SECONDS = 2.0


def here() -> Connection:
    return process_connection.opened()


def part(kind: Callable[[Connection], T]) -> T:
    """Return the part of the client that asks about one kind of thing."""
    return here().part(kind)


def ask(question: Coroutine[Any, Any, T]) -> T:
    """Return the answer; Ctrl-C ends the question too."""
    ended = Event()

    async def asked() -> T:
        try:
            return await question
        finally:
            ended.set()

    answer = here().loop.submit(asked())
    try:
        return answer.result()
    except KeyboardInterrupt:
        answer.cancel()
        ended.wait(LEAVING_SECONDS)
        raise


def ask_pages(pages: AsyncIterator[list[T]]) -> Iterator[list[T]]:
    """Yield pages as they come, each asked for when the one before has been used."""
    while (page := ask(_next_of(pages))) is not None:
        yield page


async def _next_of(pages: AsyncIterator[list[T]]) -> list[T] | None:
    return await anext(pages, None)
