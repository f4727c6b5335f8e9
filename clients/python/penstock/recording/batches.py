"""Batches of a run's entries and lines: which request each is, and where it stands."""

from __future__ import annotations

from collections.abc import Callable

from penstock.client.entries import END_OF_LOG, Entry, Line
from penstock.client.journal import Journal
from penstock.client.logs import Logs
from penstock.client.wire.owned import Owned
from penstock.errors import SequenceGap


class Batches:
    """Sends one run's journal and log."""

    def __init__(
        self, journal: Journal, logs: Logs, owned: Owned, new_id: Callable[[], str]
    ) -> None:
        self._journal, self._logs = journal, logs
        self._owned, self._new_id = owned, new_id
        self._batch = 0
        self._request_id = ""
        self._lines_lost = 0

    async def append_journal(self, first: int, batch: list[Entry], /) -> None:
        """Append a batch; one that is sent again is the same request."""
        if first != self._batch:
            self._batch, self._request_id = first, self._new_id()
        await self._journal.append(self._owned, batch, first=first, request_id=self._request_id)

    async def append_logs(self, first: int, batch: list[Line], /) -> None:
        """Append a batch; after lines that the server lost, its numbers go on from there."""
        try:
            await self._append_lines(first, batch)
        except SequenceGap as gap:
            # The server lost lines that it had taken; those that follow need not be lost too.
            self._lines_lost = first - int(gap.metadata["expected"])
            await self._append_lines(first, batch)

    async def _append_lines(self, first: int, batch: list[Line]) -> None:
        lines = [line for line in batch if line is not END_OF_LOG]
        await self._logs.append(
            self._owned,
            lines,
            first=first - self._lines_lost,
            last=len(lines) < len(batch),
        )
