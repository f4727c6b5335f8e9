"""The process that renews a script's session: user code there may hold the interpreter's lock.

It is told whose session that is by the pipe that is its standard input, and ends when the
pipe says more or ends. If that was because the script died, it first says so.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import asdict, dataclass

from penstock.engine.wire_renewal import Renewal
from penstock.errors import PenstockError, WorkerSessionNotFound
from penstock.wire_channels import open_channel, with_call_defaults

PIPE = 0
# A process that dies lets go of its pipes a moment before it is seen to be dead.
LAST_LOOK_SECONDS = 0.5
LAST_WORD_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Whose session is renewed, where, and how often."""

    script: int
    address: str
    namespace: str
    session_id: str
    interval: float

    @property
    def written(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"


def main() -> None:
    # The script's own code may wait for any child of the script: it must not find this one.
    if os.fork():
        os._exit(0)
    with open(PIPE, "rb", buffering=0, closefd=False) as pipe:
        line = pipe.readline()
    if line:
        asyncio.run(_renew(Order(**json.loads(line))))


async def _renew(order: Order) -> None:
    script = _Script(order.script)
    async with open_channel(order.address) as channel:
        renewal = Renewal(with_call_defaults(channel), order.namespace, order.session_id)
        while not script.over.is_set():
            try:
                # The script's own call hears the rulings.
                await script.unless_over(renewal.renew((), wait=0))
            except WorkerSessionNotFound:
                return
            except PenstockError:
                # The server is away; the session lives until its time is up.
                pass
            await script.unless_over(asyncio.sleep(order.interval))
        if await script.has_died(within=LAST_LOOK_SECONDS):
            with suppress(PenstockError, TimeoutError):
                await asyncio.wait_for(renewal.close(), LAST_WORD_SECONDS)


class _Script:
    """What can be seen of the script; what it forked may hold the other end of the pipe."""

    def __init__(self, pid: int) -> None:
        self.over = asyncio.Event()
        self._died = asyncio.Event()
        self._watch(PIPE, self.over)
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

    def _watch(self, file: int, *events: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()

        def seen() -> None:
            loop.remove_reader(file)
            for event in events:
                event.set()

        loop.add_reader(file, seen)


if __name__ == "__main__":
    main()
