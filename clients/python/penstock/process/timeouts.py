"""How user code that blocks is interrupted when its time is up."""

from __future__ import annotations

import ctypes
import math
import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from time import monotonic
from types import FrameType
from typing import Any

# Of two alarms that are no further apart, the one around rings: both would end its block.
TIE = 0.001


class CallTimedOut(Exception):
    """The call ran longer than it may."""


class TimeIsUp(BaseException):
    """Raised inside user code, where no `except Exception` can swallow it."""


def interrupted_after(seconds: float) -> AbstractContextManager[None]:
    """Interrupt the block after so many seconds.

    The main thread is interrupted wherever it blocks; another thread only between two steps
    of its Python code, not inside a call that blocks.

    Raises:
        CallTimedOut: it was interrupted.
    """
    if threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer"):
        return _by_alarm(seconds)
    return _by_exception(seconds)


@contextmanager
def _by_alarm(seconds: float) -> Iterator[None]:
    """Share the process's only alarm with who set it before: a block around, or the user."""
    left, interval = signal.getitimer(signal.ITIMER_REAL)
    alarm = _Alarm(ours=monotonic() + seconds, theirs=monotonic() + left if left else math.inf)
    mine, before = TimeIsUp(), signal.getsignal(signal.SIGALRM)

    def ring(number: int, frame: FrameType | None) -> None:
        if alarm.theirs <= min(monotonic(), alarm.ours) + TIE:
            alarm.theirs = monotonic() + interval if interval else math.inf
            signal.setitimer(signal.ITIMER_REAL, 0)
            try:
                _ring_theirs(before, number, frame)
            except TimeIsUp:
                # The block around ends, and this one with it.
                alarm.ours = math.inf
                raise
            finally:
                # A handler may set the alarm anew.
                if again := signal.getitimer(signal.ITIMER_REAL)[0]:
                    alarm.theirs = monotonic() + again
                alarm.set()
        elif alarm.ours <= monotonic():
            alarm.ours = math.inf
            alarm.set()
            raise mine
        else:
            alarm.set()

    signal.signal(signal.SIGALRM, ring)
    alarm.set()
    try:
        yield
    except TimeIsUp as error:
        if error is not mine:
            raise
        raise CallTimedOut from None
    finally:
        # Who set another handler inside keeps it, and the alarm with it.
        if signal.getsignal(signal.SIGALRM) is ring:
            alarm.ours = math.inf
            signal.signal(signal.SIGALRM, before)
            alarm.set(interval)


@dataclass(slots=True)
class _Alarm:
    """When the alarm is to ring for this block, and when for who set it before."""

    ours: float
    theirs: float

    def set(self, interval: float = 0.0) -> None:
        next_one = min(self.ours, self.theirs)
        # Zero would mean never.
        wait = 0.0 if next_one == math.inf else max(next_one - monotonic(), 1e-6)
        signal.setitimer(signal.ITIMER_REAL, wait, interval)


def _ring_theirs(handler: Any, number: int, frame: FrameType | None) -> None:
    if callable(handler):
        handler(number, frame)
    elif handler == signal.SIG_DFL:
        # It ends the process, as it would have without us.
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)


@contextmanager
def _by_exception(seconds: float) -> Iterator[None]:
    thread = ctypes.c_ulong(threading.get_ident())

    # Only a class can be raised in another thread.
    class mine(TimeIsUp):  # noqa: N801 - told from those of other blocks
        pass

    over = threading.Event()
    lock = threading.Lock()

    def ring() -> None:
        with lock:
            if not over.is_set():
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(mine))

    timer = threading.Timer(seconds, ring)
    timer.daemon = True
    timer.start()
    try:
        yield
    except mine:
        raise CallTimedOut from None
    finally:
        with lock:
            over.set()
        timer.cancel()
