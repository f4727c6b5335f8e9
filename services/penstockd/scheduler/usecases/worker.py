"""Workers make themselves known, and the state service tells which are alive."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from penstock.errors import ProtocolVersionUnsupported
from penstockd.scheduler.peers import SessionNews, StateService
from penstockd.scheduler.rules.worker import (
    PROTOCOL_VERSION,
    Registered,
    Worker,
    WorkerFilter,
    WorkerManifest,
)
from penstockd.scheduler.store import Store, Transaction
from penstockd.scheduler.usecases.namespaces import Namespaces
from penstockd.scheduler.usecases.work_pool import require_queues

SESSIONS = "worker_sessions"


class Workers:
    def __init__(
        self,
        store: Store,
        state: StateService,
        namespaces: Namespaces,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._state = state
        self._namespaces = namespaces
        self._clock = clock

    async def register(
        self,
        namespace: str,
        worker_id: UUID,
        manifest: WorkerManifest,
        *,
        held: Sequence[bytes],
    ) -> Registered:
        """Open the worker's session, which rules on the leases held.

        Raises ProtocolVersionUnsupported, WorkPoolNotFound, WorkQueueNotFound, IdTaken and
        WorkerSessionClosed.
        """
        _require_protocol(manifest.protocol_version)
        pool = await self._store.read(
            lambda tx: tx.work_pools.get(namespace, manifest.work_pool)
        )
        require_queues(pool, manifest.work_queues)
        # Before the session opens, so that its end is not missed.
        self._namespaces.add(namespace)
        terms = await self._state.open_session(namespace, worker_id, held)
        worker = Worker(
            namespace=namespace,
            id=worker_id,
            manifest=manifest,
            alive=terms.alive,
            create_time=self._clock(),
        )
        await self._store.write(lambda tx: _save(tx, worker))
        return Registered(terms=terms, pool_type=pool.pool_type)

    async def page(
        self,
        namespace: str,
        wanted: WorkerFilter,
        *,
        before: tuple[datetime, UUID],
        limit: int,
    ) -> Sequence[Worker]:
        return await self._store.read(
            lambda tx: tx.workers.page(namespace, wanted, before=before, limit=limit)
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


def _require_protocol(version: int) -> None:
    if version != PROTOCOL_VERSION:
        raise ProtocolVersionUnsupported(
            f"the worker uses version {version} of the worker protocol, and this "
            f"server uses version {PROTOCOL_VERSION}: install the server's version of "
            "Penstock for the worker",
            supported=str(PROTOCOL_VERSION),
        )


async def _save(tx: Transaction, worker: Worker) -> None:
    """The pool may have lost a queue, or be gone, since it was looked at."""
    manifest = worker.manifest
    pool = await tx.work_pools.keep(worker.namespace, manifest.work_pool)
    require_queues(pool, manifest.work_queues)
    await tx.workers.save(worker)
