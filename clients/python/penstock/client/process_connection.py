"""The one connection of this process: opened when it is first needed, closed at the end."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from penstock.client.connection import Connection, open_connection
from penstock.exceptions import ForkedProcess
from penstock.ground.endings import call_at_exit
from penstock.ground.settings import target


class ProcessConnection:
    """Opens a connection at the first call, and knows which runs still need it."""

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._session_id: uuid.UUID | None = None
        # Whether this process has opened channels to a server, and whether one that it was
        # forked from had: then gRPC is of no use here, even if they were closed before.
        self._dialled = self._forked = False
        # The program is at its end, and some thread or exit handler of it runs one more flow.
        self._late = False
        # The thread of each run that goes on in this process.
        self._running: dict[object, threading.Thread] = {}
        self._make_locks()

    def opened(self) -> Connection:
        """Return the connection; the first call opens it.

        Raises:
            ForkedProcess: the services cannot be used from this process.
        """
        if self._connection is None:
            # Whoever comes second waits here, and finds what the first one opened.
            with self._lock:
                if self._connection is None:
                    self._connection = open_connection(
                        target(),
                        session_id=self._session_id or uuid.uuid4(),
                        before_dialling=self._note_dialling,
                    )
                    self._late = not call_at_exit(self._close_at_exit)
                return self._connection
        return self._connection

    def enter_session(self, session_id: uuid.UUID) -> None:
        """Take the session that a connection opens from now on; a random one unless called."""
        self._session_id = session_id

    def close(self) -> None:
        """Close the connection, if there is one; the next call opens another."""
        connection = self._taken()
        if connection is not None:
            connection.close()

    @contextmanager
    def in_use(self) -> Iterator[Connection]:
        """Keep it open for a run, also if the program's main thread ends meanwhile."""
        mark = object()
        with self._ended:
            self._running[mark] = threading.current_thread()
        try:
            yield self.opened()
        finally:
            with self._ended:
                del self._running[mark]
                self._ended.notify_all()
                # Taken while no run can begin, so that none is given what is closed below.
                left = self._taken() if self._late and not self._running else None
            if left is not None:
                # Nobody else will: what is registered now is not called any more.
                left.close()

    def forget(self) -> None:
        """A forked child has neither the loop's thread nor a right to its parent's session."""
        self._forked = self._dialled
        self._connection = self._session_id = None
        self._running.clear()
        # Another thread of the parent may have held them when it forked, and is not here.
        self._make_locks()

    def _taken(self) -> Connection | None:
        with self._lock:
            connection, self._connection = self._connection, None
        return connection

    def _make_locks(self) -> None:
        self._lock, self._ended = threading.Lock(), threading.Condition()

    def _note_dialling(self) -> None:
        """Remember that gRPC is in use; refuse in a fork, which its calls would crash."""
        if self._forked:
            raise ForkedProcess(
                "this process was forked from one with a connection to a server, so it "
                "cannot use that connection: start it by multiprocessing's 'spawn' or "
                "'forkserver' method, or by subprocess"
            )
        self._dialled = True

    def _close_at_exit(self) -> None:
        """Python waits for threads that are not daemons, but calls this before."""
        try:
            with self._ended:
                self._ended.wait_for(self._nothing_goes_on)
        finally:
            self.close()

    def _nothing_goes_on(self) -> bool:
        return not any(map(_is_waited_for, self._running.values()))


def _is_waited_for(thread: threading.Thread) -> bool:
    return not thread.daemon and thread is not threading.current_thread()


process_connection = ProcessConnection()
os.register_at_fork(after_in_child=process_connection.forget)
