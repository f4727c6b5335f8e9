"""Records what one flow run does: its tasks' journal and its log."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from penstock.client.entries import END_OF_LOG, Entry, Line, entry_bytes, line_bytes
from penstock.errors import LeaseLost, PenstockError
from penstock.ground.loop_thread import LoopThread
from penstock.recording.ordered_queue import OrderedQueue, Send


class Recorder:
    """Keeps journal and log apart: each is sent in its own order, at its own pace."""

    def __init__(self, loop: LoopThread, journal: Send[Entry], log: Send[Line]) -> None:
        self._journal = OrderedQueue(loop, journal, entry_bytes)
        self._log = OrderedQueue(loop, log, line_bytes)
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

    @property
    def lost(self) -> bool:
        """Somebody else owns the run now."""
        return isinstance(self._journal.error, LeaseLost)


def _dropped(_line: Line) -> None:
    """The log has ended."""
