"""Starts the process that renews this one's session, once runs take long enough to need it.

From the first line on, user code may hold the interpreter's lock, and nobody here could start
anything then. So a process is there before it, and waits until it is worth an interpreter.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from penstock.client.wire.owned import LeaseRef
from penstock.ground.lasting_loggers import lasting_logger
from penstock.ground.settings import renewer_after
from penstock.leases.news_pipe import NewsPipe
from penstock.leases.renewing import LeaseChanges, RenewalOrder

if TYPE_CHECKING:
    from penstock.client.connection import Connection

REAP_AGAIN = 0.1
COLLECT_SECONDS = 1.0
SHELL = "/bin/sh"
# A shell takes 1 ms, an interpreter ten times that. Its parent's care it leaves at once, for
# the script's own code may wait for any child; the leases are read by what comes after it.
WAITING = 'exec 3<&0; { sleep "$1"; shift; exec "$@" <&3 3<&-; } &'
RENEWING = (sys.executable, "-P", "-m", "penstock.leases.renewing")

_logger = lasting_logger("penstock.leases")


class Renewer:
    """At most one process, while there are runs. All calls are made by the loop's thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._after = renewer_after()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: NewsPipe | None = None
        self._waits_until = 0.0
        self._held: dict[str, LeaseRef] = {}
        # What the process may go on to list: that is no harm, and the next news tell it.
        self._ended: list[str] = []

    def hold(self, lease: LeaseRef) -> None:
        """List this lease from now on."""
        self._held[lease.lease_id] = lease
        if self._pipe is not None:
            self._pipe.write(LeaseChanges(held=(lease,), ended=tuple(self._ended)).written)
            self._ended.clear()

    def drop(self, lease: LeaseRef) -> None:
        """Its run has ended."""
        self._held.pop(lease.lease_id, None)
        if self._pipe is not None:
            self._ended.append(lease.lease_id)

    def start(self, interval: float) -> None:
        """Begin to wait; when it is time, the leases held by then are renewed."""
        self.stop()
        order = RenewalOrder(
            script=os.getpid(),
            address=self._connection.state_address,
            namespace=self._connection.namespace,
            session_id=self._connection.session_id,
            interval=interval,
            held=tuple(self._held.values()),
        )
        try:
            process = _started(self._after)
        except OSError as error:
            _logger.warning("no process can be started to renew leases: %s", error)
            return
        loop = self._connection.loop.loop
        self._process, self._waits_until = process, loop.time() + self._after
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        self._pipe = NewsPipe(process.stdin, loop)
        self._pipe.write(order.written)
        self._reap(process)

    def stop(self) -> None:
        """The process ends with its pipe; while it waits, it must be told."""
        self._ended.clear()
        process, self._process = self._process, None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if process is None:
            return
        if self._connection.loop.loop.time() < self._waits_until:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGTERM)
        # What was started has left by now or is killed; this loop may not come back to it.
        with suppress(subprocess.TimeoutExpired):
            process.wait(COLLECT_SECONDS)

    def _reap(self, process: subprocess.Popen[bytes]) -> None:
        """The process leaves its parent's care at once; what it was started as is collected."""
        if process.poll() is None:
            self._connection.loop.loop.call_later(REAP_AGAIN, self._reap, process)


def _started(after: float) -> subprocess.Popen[bytes]:
    # Some images have no shell: then the interpreter is there from the start.
    waiting = (SHELL, "-c", WAITING, SHELL, f"{after:f}") if Path(SHELL).exists() else ()
    return subprocess.Popen(  # noqa: S603 - all of it is written here
        [*waiting, *RENEWING],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        # What a terminal sends to the script is not for this one.
        start_new_session=True,
    )
