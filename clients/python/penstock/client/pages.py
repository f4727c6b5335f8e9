"""Lists, page after page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Protocol, TypeVar

from google.protobuf.message import Message

from penstock.client.asking import ask
from penstock.client.rows import Row, row_of

LARGEST_PAGE = 200


class PagedRequest(Protocol):
    """A request for one page of a list."""

    page_size: int
    page_token: str


class Page(Protocol):
    """An answer that says where the next one begins; empty at the end."""

    next_page_token: str


Q = TypeVar("Q", bound=PagedRequest)
P = TypeVar("P", bound=Page)


async def pages(call: Callable[[Q], Awaitable[P]], request: Q) -> AsyncIterator[P]:
    """Yield the answers one by one; the request is moved on from page to page."""
    while True:
        page = await ask(call, request)
        yield page
        if not page.next_page_token:
            return
        request.page_token = page.next_page_token


async def rows_of_pages(
    call: Callable[[Q], Awaitable[P]], request: Q, of: Callable[[P], Iterable[Message]]
) -> AsyncIterator[list[Row]]:
    """Yield what is `of` each page, one page at a time."""
    request.page_size = request.page_size or LARGEST_PAGE
    async for page in pages(call, request):
        yield [row_of(each) for each in of(page)]
