"""The namespaces in which workers take runs: those are followed at the state service."""

import asyncio


class Namespaces:
    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()
        self._grown = asyncio.Event()

    @property
    def known(self) -> frozenset[str]:
        return self._known

    def add(self, *namespaces: str) -> None:
        if not self._known.issuperset(namespaces):
            self._known = self._known.union(namespaces)
            self._grown.set()

    async def beyond(self, followed: frozenset[str]) -> None:
        """Return once there are others than these."""
        while self._known <= followed:
            self._grown.clear()
            await self._grown.wait()
