"""Wakes the long poll of a session's renewal, in this process, when its runs change.

A renewal holds its bell before it reads, and a change rings after its commit. So either the
read sees the change, or the ring comes after the bell is held, and stays set until the renewal
waits. A spurious ring costs one more look. Other processes ring nothing here:
their changes are found by the store's own sign of a commit.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID


class Notices:
    def __init__(self) -> None:
        self._parked: dict[UUID, list[asyncio.Event]] = {}

    def ring(self, session_id: UUID | None) -> None:
        """Wake whoever is parked for the session; after the commit."""
        # No await: nobody comes or leaves meanwhile.
        for bell in self._parked.get(session_id, ()) if session_id else ():
            bell.set()

    @contextmanager
    def listening(self, session_id: UUID) -> Iterator[asyncio.Event]:
        """Hold the bell before reading, so that no change falls between reading and waiting."""
        bell = asyncio.Event()
        self._parked.setdefault(session_id, []).append(bell)
        try:
            yield bell
        finally:
            parked = self._parked[session_id]
            parked.remove(bell)
            if not parked:
                del self._parked[session_id]
