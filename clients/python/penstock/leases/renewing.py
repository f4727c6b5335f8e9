"""The process that renews a script's session: user code there may hold the interpreter's lock.

By the pipe that is its standard input it is told whose session that is, and which leases the
script holds; it ends with the pipe. If that was because the script died, it first says so.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from penstock.client.leases import SHORTEST_LIMIT, LeasePhase, Leases, Report
from penstock.client.sessions import SessionOfAnother, Sessions
from penstock.client.wire.owned import LeaseRef
from penstock.errors import PenstockError, WorkerSessionNotFound
from penstock.wire_channels import open_channel, with_call_defaults

PIPE = 0
# A process that dies lets go of its pipes a moment before it is seen to be dead.
LAST_LOOK_SECONDS = 0.5
LAST_WORD_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalOrder:
    """Whose session is renewed, where, and how often; and the leases at the beginning."""

    script: int
    address: str
    namespace: str
    session_id: str
    interval: float
    held: tuple[LeaseRef, ...]

    @property
    def written(self) -> bytes:
        return _line(asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseChanges:
    """What changed in the leases that the script holds."""

    held: tuple[LeaseRef, ...]
    ended: tuple[str, ...]

    @property
    def written(self) -> bytes:
        return _line(asdict(self))


def main() -> None:
    # The script's own code may wait for any child of the script: it must not find this one.
    if os.fork():
        os._exit(0)
    with open(PIPE, "rb", buffering=0, closefd=False) as pipe:
        line = pipe.readline()
    if line:
        told = json.loads(line)
        asyncio.run(_renew(RenewalOrder(**told | {"held": _leases(told["held"])})))


def _line(values: dict[str, Any]) -> bytes:
    return json.dumps(values).encode() + b"\n"


def _leases(told: list[list[Any]]) -> tuple[LeaseRef, ...]:
    return tuple(LeaseRef(*each) for each in told)


async def _renew(order: RenewalOrder) -> None:
    session = SessionOfAnother(
        state=with_call_defaults(open_channel(order.address), order.address),
        namespace=order.namespace,
        session_id=order.session_id,
    )
    try:
        await _keep(session, order)
    finally:
        await session.state.close()


async def _keep(session: SessionOfAnother, order: RenewalOrder) -> None:
    script = _Script(order.script, order.held)
    leases = Leases(session)
    while not script.over.is_set():
        try:
            # The script's own call tells how far it is, and hears the rulings.
            reports = [Report(lease, LeasePhase.ACKNOWLEDGED) for lease in script.held]
            limit = max(order.interval, SHORTEST_LIMIT)
            await script.unless_over(leases.renew(reports, wait=0, limit=limit))
        except WorkerSessionNotFound:
            return
        except PenstockError:
            # The server is away; the session lives until its time is up.
            pass
        await script.unless_over(asyncio.sleep(order.interval))
    if await script.has_died(within=LAST_LOOK_SECONDS):
        with suppress(PenstockError, TimeoutError):
            await asyncio.wait_for(Sessions(session).close(), LAST_WORD_SECONDS)


class _Script:
    """What can be seen of the script; what it forked may hold the other end of the pipe."""

    def __init__(self, pid: int, held: tuple[LeaseRef, ...]) -> None:
        self.over = asyncio.Event()
        self._died = asyncio.Event()
        self._held = {lease.lease_id: lease for lease in held}
        self._told = b""
        asyncio.get_running_loop().add_reader(PIPE, self._read)
        if not hasattr(os, "pidfd_open"):
            return
        try:
            self._watch(os.pidfd_open(pid), self.over, self._died)
        except ProcessLookupError:
            self.over.set()
            self._died.set()
        except OSError:
            # An old kernel: then the pipe alone must tell.
            return

    @property
    def held(self) -> tuple[LeaseRef, ...]:
        return tuple(self._held.values())

    async def unless_over(self, work: Awaitable[object]) -> None:
        """Wait for the work, but not for longer than the script needs it."""
        working, over = asyncio.ensure_future(work), asyncio.ensure_future(self.over.wait())
        await asyncio.wait([working, over], return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if working.done():
            working.result()
        else:
            working.cancel()

    async def has_died(self, *, within: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._died.wait(), within)
        return self._died.is_set()

    def _read(self) -> None:
        data = os.read(PIPE, 65_536)
        if not data:
            asyncio.get_running_loop().remove_reader(PIPE)
            self.over.set()
            return
        *lines, self._told = (self._told + data).split(b"\n")
        for line in lines:
            self._take(json.loads(line))

    def _take(self, told: dict[str, Any]) -> None:
        for lease_id in told["ended"]:
            self._held.pop(lease_id, None)
        for lease in _leases(told["held"]):
            self._held[lease.lease_id] = lease

    def _watch(self, file: int, *events: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()

        def seen() -> None:
            loop.remove_reader(file)
            for event in events:
                event.set()

        loop.add_reader(file, seen)


if __name__ == "__main__":
    main()
