"""Workers make themselves known, and the state service tells which are alive."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from penstockd.scheduler.peers import SessionNews, State
from penstockd.scheduler.rules.worker import SessionTerms, Worker, WorkerManifest
from penstockd.scheduler.store import Store, Transaction
from penstockd.scheduler.usecases.namespaces import Namespaces
from penstockd.scheduler.usecases.work_pool import require_queues

SESSIONS = "worker_sessions"


class Workers:
    def __init__(
        self,
        store: Store,
        state: State,
        namespaces: Namespaces,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._state = state
        self._namespaces = namespaces
        self._clock = clock

    async def register(
        self, namespace: str, worker_id: UUID, manifest: WorkerManifest
    ) -> SessionTerms:
        pool = await self._store.read(
            lambda tx: tx.work_pools.get(namespace, manifest.work_pool)
        )
        require_queues(pool, manifest.work_queues)
        # Before the session opens, so that its end is not missed.
        self._namespaces.add(namespace)
        terms = await self._state.open_session(namespace, worker_id)
        worker = Worker(
            namespace=namespace,
            id=worker_id,
            manifest=manifest,
            alive=terms.alive,
            create_time=self._clock(),
        )
        await self._store.write(lambda tx: tx.workers.save(worker))
        return terms

    async def page(
        self,
        namespace: str,
        work_pool: str,
        *,
        alive_only: bool,
        before: tuple[datetime, UUID],
        limit: int,
    ) -> Sequence[Worker]:
        return await self._store.read(
            lambda tx: tx.workers.page(
                namespace, work_pool, alive_only=alive_only, before=before, limit=limit
            )
        )

    async def namespaces(self) -> Sequence[str]:
        return await self._store.read(lambda tx: tx.workers.namespaces())

    async def learn(self, namespace: str, news: SessionNews) -> None:
        """Keep who is alive, and how far that was read."""

        async def work(tx: Transaction) -> None:
            await tx.workers.set_alive(namespace, dict(news.alive))
            await tx.save_cursor(namespace, SESSIONS, news.cursor)

        await self._store.write(work)

    async def learnt(self, namespace: str) -> str:
        """Return the cursor after what was learnt; empty when nothing was."""
        return await self._store.read(lambda tx: tx.cursor(namespace, SESSIONS))

    async def unlearn(self, namespace: str) -> None:
        """Changes are gone: hold all dead until they show themselves, and watch from now."""

        async def work(tx: Transaction) -> None:
            await tx.workers.hold_all_dead(namespace)
            await tx.save_cursor(namespace, SESSIONS, "")

        await self._store.write(work)
