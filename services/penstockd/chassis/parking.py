"""How many calls of one namespace wait for news at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import Any

from penstock.errors import QuotaExceeded
from penstock.wire_channels import parks
from penstockd.chassis.chain import Method, Stream, Unary

MOST_PARKED = 5_000


class Parking:
    """The layer around long polls and watches; `most` is for each namespace."""

    def __init__(self, most: int = MOST_PARKED) -> None:
        self._most = most
        self._parked: Counter[str] = Counter()

    def unary(self, method: Method, behaviour: Unary) -> Unary:
        if not _counts(method):
            return behaviour

        async def parked(request: Any, context: Any) -> Any:
            with self._counted(request):
                return await behaviour(request, context)

        return parked

    def stream(self, method: Method, behaviour: Stream) -> Stream:
        if not _counts(method):
            return behaviour

        async def parked(request: Any, context: Any) -> AsyncGenerator[Any, None]:
            with self._counted(request):
                async with aclosing(behaviour(request, context)) as replies:
                    async for reply in replies:
                        yield reply

        return parked

    @contextmanager
    def _counted(self, request: Any) -> Iterator[None]:
        namespace = getattr(request, "namespace", "")
        if self._parked[namespace] >= self._most:
            raise QuotaExceeded(
                f"the namespace {namespace} has {self._most:,} watches and long polls "
                "open: close some, or ask for a higher quota",
                quota="quota_parked_calls",
            )
        self._parked[namespace] += 1
        try:
            yield
        finally:
            self._parked[namespace] -= 1
            if not self._parked[namespace]:
                del self._parked[namespace]


def _counts(method: Method) -> bool:
    """A renewal parks too, and is never refused: the lease would be lost."""
    return parks(method.path) and not method.name.startswith("Renew")
