"""The process that renews a script's session: user code there may hold the interpreter's lock.

It is told whose session that is by the pipe that is its standard input. When the pipe says
more, or ends, or the script dies, it ends at once.
"""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import asdict, dataclass

from penstock.engine.wire_renewal import Renewal
from penstock.errors import PenstockError, WorkerSessionNotFound
from penstock.wire_channels import open_channel, with_call_defaults

PIPE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Whose session is renewed, where, and how often."""

    script: int
    address: str
    namespace: str
    session_id: str
    interval: float

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
    _end_with(order.script)
    channel = with_call_defaults(open_channel(order.address))
    renewal = Renewal(channel, order.namespace, order.session_id)
    while True:
        try:
            # The script's own call hears the rulings.
            await renewal.renew((), wait=0)
        except WorkerSessionNotFound:
            return
        except PenstockError:
            # The server is away; the session lives until its time is up.
            pass
        await asyncio.sleep(order.interval)


def _end_with(script: int) -> None:
    loop = asyncio.get_running_loop()
    loop.add_reader(PIPE, os._exit, 0)
    if not hasattr(os, "pidfd_open"):
        return
    # What the script forked may hold the other end of the pipe.
    try:
        loop.add_reader(os.pidfd_open(script), os._exit, 0)
    except ProcessLookupError:
        os._exit(0)
    except OSError:
        # An old kernel: then the pipe alone must tell.
        return


if __name__ == "__main__":
    main()
