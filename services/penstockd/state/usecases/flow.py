"""Which flows have ever run."""

from collections.abc import Callable
from uuid import UUID

from penstock.errors import FlowNotFound, ResourceInUse
from penstockd.state.rules.flow import Flow
from penstockd.state.store import Answer, Intent, Store, Transaction
from penstockd.state.store.ports.flow import FlowFilter
from penstockd.state.usecases.sources import Sources


class Flows:
    def __init__(self, store: Store, sources: Sources) -> None:
        self._store = store
        self._sources = sources

    async def get(self, namespace: str, ref: UUID | str) -> Flow:
        """Raises FlowNotFound."""
        return await self._store.read(lambda tx: _load(tx, namespace, ref))

    async def page(
        self, namespace: str, wanted: FlowFilter, *, after: str, limit: int
    ) -> list[Flow]:
        return await self._store.read(
            lambda tx: tx.flows.page(namespace, wanted, after=after, limit=limit)
        )

    async def delete(
        self, intent: Intent, ref: UUID | str, *, render: Callable[[Flow], bytes]
    ) -> Answer:
        """Raises FlowNotFound and ResourceInUse."""

        async def work(tx: Transaction) -> Answer:
            async def deleted() -> bytes:
                flow = await _load(tx, intent.namespace, ref)
                runs = await tx.flows.delete(flow)
                if runs:
                    raise ResourceInUse(
                        f"the flow {flow.name} has {runs} runs: delete them first",
                        flow_runs=str(runs),
                    )
                return render(flow)

            return await tx.once(intent, deleted, now=self._sources.clock())

        return await self._store.write(work)


async def _load(tx: Transaction, namespace: str, ref: UUID | str) -> Flow:
    if isinstance(ref, UUID):
        flow = await tx.flows.by_id(namespace, ref)
    else:
        flow = await tx.flows.by_name(namespace, ref)
    if flow is None:
        raise FlowNotFound(f"no flow {ref} in {namespace}", flow=str(ref))
    return flow
