"""How much each namespace has, of what there are quotas for."""

from collections.abc import Mapping
from typing import Protocol

from penstockd.state.store import Store


class Allowance(Protocol):
    """What a use case is given of a quota."""

    def take(self, namespace: str, amount: int = 1) -> None:
        """Count what is about to be kept. Raises QuotaExceeded."""


class Usage:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def runs(self) -> Mapping[str, int]:
        return await self._store.read(lambda tx: tx.flow_runs.count_by_namespace())

    async def journal_bytes(self) -> Mapping[str, int]:
        return await self._store.read(lambda tx: tx.journal.bytes_by_namespace())

    async def log_bytes(self) -> Mapping[str, int]:
        return await self._store.read(lambda tx: tx.logs.bytes_by_namespace())
