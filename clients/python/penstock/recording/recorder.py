"""Records what one flow run does: its tasks' journal and its log."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from penstock.client.connection import Connection
from penstock.client.entries import END_OF_LOG, Entry, Line, entry_bytes, line_bytes
from penstock.errors import LeaseLost, PenstockError
from penstock.ground.cancelling import CancelToken
from penstock.recording.ordered_queue import OrderedQueue, Send, Way


class Recorder:
    """Keeps journal and log apart: each is sent in its own order, at its own pace."""

    def __init__(self, way: Way, journal: Send[Entry], log: Send[Line]) -> None:
        self._journal = OrderedQueue(way, journal, entry_bytes)
        self._log = OrderedQueue(way, log, line_bytes)
        self.append: Callable[[Entry], None] = self._journal.append
        self.write: Callable[[Line], None] = self._log.append

    def barrier(self) -> Future[None]:
        """Return what is done when the journal up to here is durable."""
        return self._journal.barrier()

    def log_barrier(self) -> Future[None]:
        """Return what is done when the log up to here is durable."""
        return self._log.barrier()

    def end_log(self) -> None:
        """Say that no line follows; whoever reads the log need not wait for more."""
        # What another thread writes in this very moment may still come behind the mark: it is
        # sent with the last lines, or refused as a gap, and nobody waits for it.
        self.write, write = _dropped, self.write
        write(END_OF_LOG)

    @property
    def error(self) -> PenstockError | None:
        """Why nothing more can be recorded, if so."""
        return self._journal.error


def way_for(connection: Connection, cancel: CancelToken) -> Way:
    """Return how a run's entries go; the run stops when somebody else owns it."""

    def ended(error: PenstockError) -> None:
        if isinstance(error, LeaseLost):
            cancel.cancel(str(error), lost=True)

    return Way(loop=connection.loop, patience=connection.patience["state"], when_ended=ended)


def _dropped(_line: Line) -> None:
    """The log has ended."""
