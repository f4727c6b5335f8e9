"""Starts the process that renews this one's session, once runs take long enough to need it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from penstock.client.wire.owned import LeaseRef
from penstock.ground.lasting_loggers import lasting_logger
from penstock.ground.settings import renewer_after
from penstock.leases.renewing import LeaseChanges, RenewalOrder

if TYPE_CHECKING:
    from penstock.client.connection import Connection

REAP_AGAIN = 0.1

_logger = lasting_logger("penstock.leases")


class Renewer:
    """At most one process, while there are runs. All calls are made by the loop's thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._after = renewer_after()
        self._due: asyncio.TimerHandle | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._held: dict[str, LeaseRef] = {}
        # What the process may go on to list: that is no harm, and the next news tell it.
        self._ended: list[str] = []

    def hold(self, lease: LeaseRef) -> None:
        """List this lease from now on."""
        self._held[lease.lease_id] = lease
        if self._process is not None:
            self._write(LeaseChanges(held=(lease,), ended=tuple(self._ended)))
            self._ended.clear()

    def drop(self, lease: LeaseRef) -> None:
        """Its run has ended."""
        self._held.pop(lease.lease_id, None)
        if self._process is not None:
            self._ended.append(lease.lease_id)

    def start_later(self, interval: float) -> None:
        self.stop()
        self._due = self._connection.loop.loop.call_later(self._after, self._start, interval)

    def stop(self) -> None:
        """The process ends with its pipe."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self._ended.clear()
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            with suppress(BrokenPipeError):
                process.stdin.close()

    def _start(self, interval: float) -> None:
        order = RenewalOrder(
            script=os.getpid(),
            address=self._connection.state_address,
            namespace=self._connection.namespace,
            session_id=self._connection.session_id,
            interval=interval,
            held=tuple(self._held.values()),
        )
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "penstock.leases.renewing"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                # What a terminal sends to the script is not for this one.
                start_new_session=True,
            )
        except OSError as error:
            _logger.warning("no process can be started to renew leases: %s", error)
            return
        self._process = process
        self._write(order)
        self._reap(process)

    def _write(self, what: RenewalOrder | LeaseChanges) -> None:
        if self._process is not None and self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.write(what.written)

    def _reap(self, process: subprocess.Popen[bytes]) -> None:
        """The process leaves its parent's care at once; what it was started as is collected."""
        if process.poll() is None:
            self._connection.loop.loop.call_later(REAP_AGAIN, self._reap, process)
