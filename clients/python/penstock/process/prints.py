"""Sends `print` to a log, where the run that it is called in asks for it."""

from __future__ import annotations

import builtins
import logging
import sys
from collections.abc import Callable
from io import StringIO
from typing import Any

LoggerHere = Callable[[], logging.Logger | None]


def _nowhere() -> None:
    return None


_plain = builtins.print
_logger_here: LoggerHere = _nowhere


def watch_prints(logger_here: LoggerHere) -> None:
    """Replace `print` by one that asks, where it is called, which log it is to write to."""
    global _logger_here  # noqa: PLW0603 - there is one `print` in a process
    _logger_here = logger_here
    builtins.print = _print


# A function of a module, so that whoever pickles `print` pickles a name.
def _print(*values: Any, file: Any = None, **options: Any) -> None:
    logger = _logger_here() if file in (None, sys.stdout, sys.stderr) else None
    if logger is None:
        return _plain(*values, file=file, **options)
    text = StringIO()
    _plain(*values, file=text, **options)
    logger.info("%s", text.getvalue().rstrip("\n"))
    return None
