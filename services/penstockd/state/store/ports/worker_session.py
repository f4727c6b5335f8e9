"""Where worker sessions are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from penstockd.state.rules.worker_session import WorkerSession


class WorkerSessionStore(Protocol):
    async def find(
        self, namespace: str, session_id: UUID, *, lock: bool = False
    ) -> WorkerSession | None: ...

    async def known(self, namespace: str, session_ids: Sequence[UUID]) -> list[UUID]:
        """Return those of the ids that are sessions, ended ones too."""

    async def save(self, session: WorkerSession, *, tell_at: datetime | None = None) -> None:
        """Add or overwrite the session; with a time, a change is added to the feed."""

    async def expired(self, now: datetime, *, limit: int) -> list[WorkerSession]: ...

    async def embedded(self) -> list[WorkerSession]:
        """Return all that are held to be alive."""
