"""Where results are kept."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from penstockd.artifact.rules.content import ContentKey
from penstockd.artifact.rules.result import Result
from penstockd.database.request_log import Intent


class ResultTransaction(Protocol):
    async def content_size(self, key: ContentKey) -> int | None:
        """Return the size of a content that is there."""

    async def raise_fence(self, namespace: str, flow_run_id: UUID, fence: int) -> bool:
        """Note the fence of a publication; False if a higher one has published already."""

    async def insert(self, result: Result) -> bool:
        """Add a new result and its change to the outbox; False if its id is taken."""

    async def load(self, namespace: str, result_id: UUID) -> Result:
        """Return the result. Raises ResultNotFound."""


class ResultStore(Protocol):
    async def once(
        self,
        intent: Intent,
        work: Callable[[ResultTransaction], Coroutine[Any, Any, bytes]],
        *,
        now: datetime,
    ) -> bytes:
        """Do the work unless its answer is known; effect and answer commit together.

        The work awaits nothing but its transaction. Raises RequestIdReused.
        """

    async def load(self, namespace: str, result_id: UUID) -> Result:
        """Return the result. Raises ResultNotFound."""
