"""Where journals are kept, and the task runs that they write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from penstockd.state.rules.task_run import Folded, Known, Moved, TaskRun


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalHead:
    """Who may append to a flow run's journal, and where."""

    fence: int
    lease_id: UUID | None
    owned: bool
    epoch: int
    next_sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalBatch:
    """Journal entries as they came: `entries` are packed, the last `count` of them new."""

    namespace: str
    flow_run_id: UUID
    fence: int
    first_sequence: int
    count: int
    request_id: UUID
    request_hash: bytes
    entries: bytes


class Recorded(NamedTuple):
    """An entry with its position in the journal. It is a message that nobody reads here."""

    position: int
    entry: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordings:
    """Entries, oldest first, and whether there may be more after them."""

    entries: Sequence[Recorded]
    more: bool


class JournalStore(Protocol):
    async def head(self, namespace: str, flow_run_id: UUID) -> JournalHead:
        """Lock the run. Raises FlowRunNotFound."""

    async def known(self, namespace: str, task_run_ids: Sequence[UUID]) -> dict[UUID, Known]:
        """Return those of the task runs that exist."""

    async def length_of(
        self, namespace: str, request_id: UUID
    ) -> tuple[UUID, int, bytes] | None:
        """Return flow run, next sequence and request hash of the batch of a request."""

    async def differs(
        self, namespace: str, flow_run_id: UUID, position: int, packed: bytes, *, count: int
    ) -> int | None:
        """Return the first of so many packed entries that is not kept from the position on."""

    def pack(self, moves: Sequence[Moved], /) -> bytes:
        """Return the entries of a batch that no worker sent, as one is kept."""

    async def append(
        self, batch: JournalBatch, folded: Folded, *, epoch: int, at: datetime
    ) -> None:
        """Write a batch, its task runs, their count and its change. Raises LeaseLost."""

    async def recorded(
        self, namespace: str, flow_run_id: UUID, *, after: int, limit: int
    ) -> Recordings:
        """Return entries after a position: at most so many, and no more than a page holds."""

    async def recorded_of(self, task_run: TaskRun, *, after: int, limit: int) -> Recordings:
        """Return the entries that tell of one task run."""

    async def bytes_by_namespace(self) -> Mapping[str, int]:
        """Return how much there is in each namespace; it looks at everything."""
