"""Lists, page after page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

from penstock.client.rows import Plain, plain
from penstock.wire_errors import named_errors

LARGEST_PAGE = 200


async def pages(call: Callable[[Any], Any], request: Any) -> AsyncIterator[Any]:
    """Yield the answers one by one; the request is moved on from page to page."""
    while True:
        with named_errors():
            page = await call(request)
        yield page
        if not page.next_page_token:
            return
        request.page_token = page.next_page_token


async def every(call: Callable[[Any], Any], request: Any, field: str) -> list[Plain]:
    """Return what all pages have in one field."""
    request.page_size = LARGEST_PAGE
    return [plain(each) async for page in pages(call, request) for each in getattr(page, field)]
