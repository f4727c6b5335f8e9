"""Which flows have ever run."""

from uuid import UUID

from penstock.errors import FlowNotFound
from penstockd.state.rules.flow import Flow
from penstockd.state.store import Store, Transaction


class Flows:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, namespace: str, ref: UUID | str) -> Flow:
        async def work(tx: Transaction) -> Flow | None:
            if isinstance(ref, UUID):
                return await tx.flows.by_id(namespace, ref)
            return await tx.flows.by_name(namespace, ref)

        flow = await self._store.read(work)
        if flow is None:
            raise FlowNotFound(f"no flow {ref} in {namespace}", flow=str(ref))
        return flow

    async def page(self, namespace: str, *, after: str, limit: int) -> list[Flow]:
        return await self._store.read(
            lambda tx: tx.flows.page(namespace, after=after, limit=limit)
        )
