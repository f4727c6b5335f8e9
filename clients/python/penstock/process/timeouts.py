"""How user code that blocks is interrupted when its time is up."""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType


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
    outer = signal.getitimer(signal.ITIMER_REAL)[0]
    if outer and outer <= seconds:
        # The alarm around this one rings first and ends both.
        yield
        return
    mine = TimeIsUp()

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise mine

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except TimeIsUp as error:
        if error is not mine:
            raise
        raise CallTimedOut from None
    finally:
        left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if outer:
            signal.setitimer(signal.ITIMER_REAL, max(outer - (seconds - left), 1e-6))


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
