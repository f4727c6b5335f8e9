"""What ends because its time is over: sessions, hand-outs, cancellations, old answers."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from penstockd.chassis.one_by_one import OneByOne
from penstockd.state.rules.actor import STATE_SERVICE
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import orphaned, overdue, unacknowledged
from penstockd.state.rules.state import S
from penstockd.state.rules.worker_session import WorkerSession
from penstockd.state.store import Store, Transaction
from penstockd.state.store.ports.lease import Key
from penstockd.state.usecases.endings import save
from penstockd.state.usecases.notices import Notices
from penstockd.state.usecases.worker_session import expire_session

AT_ONCE = 100


class Liveness(Protocol):
    """Tells whether a process that shares the store still holds the lock on its own file."""

    def is_alive(self, session_id: UUID, /) -> bool: ...


class Expiry:
    def __init__(self, store: Store, notices: Notices, liveness: Liveness) -> None:
        self._store = store
        self._notices = notices
        self._liveness = liveness
        self._sessions = OneByOne[Key]("state.expiry: sessions")
        self._offers = OneByOne[Key]("state.expiry: hand-outs")
        self._unlisted = OneByOne[Key]("state.expiry: unlisted runs")
        self._cancels = OneByOne[Key]("state.expiry: cancellations")

    async def end_embedded_sessions(self, now: datetime) -> None:
        """End those of processes that are gone: a lock needs no time to tell."""
        embedded = await self._store.read(lambda tx: tx.worker_sessions.embedded())
        await self._end_those(
            [it for it in embedded if not self._liveness.is_alive(it.id)], now
        )

    async def end_sessions(self, now: datetime) -> None:
        """End those that nobody renewed in time."""
        limit = AT_ONCE + self._sessions.resting
        late = await self._store.read(lambda tx: tx.worker_sessions.expired(now, limit=limit))
        await self._end_those(late, now)

    async def offer_again(self, now: datetime) -> None:
        """Take back what was handed out and not acknowledged."""
        limit = AT_ONCE + self._offers.resting
        keys = await self._store.read(lambda tx: tx.leases.unacknowledged(now, limit=limit))
        await self._offers.each(
            keys, lambda key: self._move(key, lambda run: _offered_again(run, now)), now
        )

    async def take_back(self, now: datetime) -> None:
        """Take back what living sessions have not listed for too long."""
        limit = AT_ONCE + self._unlisted.resting
        keys = await self._store.read(lambda tx: tx.leases.unlisted(now, limit=limit))
        await self._unlisted.each(
            keys, lambda key: self._move(key, lambda run: _taken_back(run, now)), now
        )

    async def end_cancels(self, now: datetime) -> None:
        """End runs whose owner did not stop them when told to."""
        limit = AT_ONCE + self._cancels.resting
        keys = await self._store.read(lambda tx: tx.leases.overdue(now, limit=limit))
        await self._cancels.each(
            keys, lambda key: self._move(key, lambda run: _cancelled(run, now)), now
        )

    async def forget(
        self, now: datetime, *, requests: timedelta, changes: timedelta, sessions: timedelta
    ) -> bool:
        """Forget what is older, and return whether there may be more."""
        return await self._store.write(
            lambda tx: tx.expire(
                requests=now - requests, changes=now - changes, sessions=now - sessions
            )
        )

    async def _end_those(self, sessions: Iterable[WorkerSession], now: datetime) -> None:
        seen = {(it.namespace, it.id): it for it in sessions}
        await self._sessions.each(seen, lambda key: self._end(seen[key], now), now)

    async def _end(self, seen: WorkerSession, now: datetime) -> None:
        message = f"the worker {seen.id} was lost"

        async def work(tx: Transaction) -> None:
            session = await tx.worker_sessions.find(seen.namespace, seen.id, lock=True)
            # It may have been renewed since it was seen.
            if session is not None and session.lease_until == seen.lease_until:
                await expire_session(tx, session, lambda run: orphaned(run, message, now), now)

        await self._store.write(work)
        self._notices.ring(seen.id)

    async def _move(self, key: Key, judge: Callable[[FlowRun], FlowRun | None]) -> None:
        async def work(tx: Transaction) -> UUID | None:
            run = await tx.flow_runs.lock(*key)
            moved = judge(run)
            if moved is None:
                return None
            await save(tx, moved, actor=STATE_SERVICE)
            return run.ownership.session_id

        self._notices.ring(await self._store.write(work))


# A run is judged once it is locked: since it was found, its owner may have acknowledged it,
# listed it, or ended it.


def _offered_again(run: FlowRun, now: datetime) -> FlowRun | None:
    deadline = run.ownership.ack_deadline
    late = run.ownership.owned and deadline is not None and deadline < now
    return unacknowledged(run, now) if late else None


def _taken_back(run: FlowRun, now: datetime) -> FlowRun | None:
    owner = run.ownership
    if owner.list_deadline is None or owner.list_deadline >= now:
        return None
    return orphaned(run, f"the worker {owner.session_id} lists the run no more", now)


def _cancelled(run: FlowRun, now: datetime) -> FlowRun | None:
    deadline = run.ownership.cancel_deadline
    late = deadline is not None and deadline < now
    return overdue(run, now) if late and run.state.type is S.CANCELLING else None
