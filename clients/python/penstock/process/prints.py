"""`print` inside runs: to a log where the run asks for it, and on when nobody reads it."""

from __future__ import annotations

import builtins
import logging
import os
import sys
from collections.abc import Callable
from io import StringIO
from typing import Any

LoggerHere = Callable[[], logging.Logger | None]


def _nowhere() -> None:
    return None


_plain = builtins.print
_log_of_prints: LoggerHere = _nowhere
_log_of_run: LoggerHere = _nowhere


def watch_prints(log_of_prints: LoggerHere, log_of_run: LoggerHere) -> None:
    """Replace Python's own `print` by one that asks, where it is called, about the run there.

    Args:
        log_of_prints: returns the log that `print` is to write to instead.
        log_of_run: returns the log of the run; without one, `print` does what it always does.
    """
    global _log_of_prints, _log_of_run
    _log_of_prints, _log_of_run = log_of_prints, log_of_run
    if builtins.print is _plain:
        builtins.print = _print


# A function of a module, so that whoever pickles `print` pickles a name.
def _print(*values: Any, file: Any = None, **options: Any) -> None:
    if not (file is None or file is sys.stdout or file is sys.stderr):
        return _plain(*values, file=file, **options)
    if (log := _log_of_prints()) is None:
        return _print_or_go_on(*values, file=file, **options)
    text = StringIO()
    _plain(*values, file=text, **options)
    log.info("%s", text.getvalue().rstrip("\n"))
    return None


def _print_or_go_on(*values: Any, file: Any, **options: Any) -> None:
    try:
        _plain(*values, file=file, **options)
    except BrokenPipeError:
        log = _log_of_run()
        if log is None or not _lead_nowhere(file or sys.stdout):
            raise
        log.warning(
            "The reader of this program's output has gone: from here on its output is dropped"
        )


def _lead_nowhere(stream: Any) -> bool:
    """Drop what the stream holds and all that follows; tell whether that is possible."""
    try:
        number = stream.fileno()
    except (AttributeError, OSError, ValueError):
        return False
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
    return True
