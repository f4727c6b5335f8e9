"""Sends `print` to a log, where the run that it is called in asks for it."""

from __future__ import annotations

import builtins
import logging
import sys
from collections.abc import Callable
from io import StringIO
from typing import Any

LoggerHere = Callable[[], logging.Logger | None]

_plain = builtins.print


def watch_prints(logger_here: LoggerHere) -> None:
    """Replace `print`, once, by one that asks where it is called to write to."""
    if builtins.print is _plain:
        builtins.print = _to_log(logger_here)


def _to_log(logger_here: LoggerHere) -> Callable[..., None]:
    def print_to_log(*values: Any, file: Any = None, **options: Any) -> None:
        logger = logger_here() if file in (None, sys.stdout, sys.stderr) else None
        if logger is None:
            return _plain(*values, file=file, **options)
        text = StringIO()
        _plain(*values, file=text, **options)
        logger.info("%s", text.getvalue().rstrip("\n"))
        return None

    return print_to_log
