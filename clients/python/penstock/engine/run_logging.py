"""How lines reach the console and the record of the run that writes them."""

from __future__ import annotations

import logging
import os
import sys
from contextvars import ContextVar
from typing import Any

from penstock.engine.contexts import flow_run_var, task_run_var

LEVEL = "PENSTOCK_LOGGING_LEVEL"
_FORMAT = "%(asctime)s.%(msecs)03d | %(levelname)-7s | %(message)s"

_root = logging.getLogger("penstock")
# Set while the caller wants no lines of runs.
disabled_var: ContextVar[bool] = ContextVar("run_logger_disabled", default=False)
_prepared = False


def prepare_logging() -> None:
    """Send lines to the run's record, and to standard error if the program logs nowhere."""
    global _prepared  # noqa: PLW0603 - once per process
    if _prepared:
        return
    _prepared = True
    if _root.level == logging.NOTSET:
        _root.setLevel(os.environ.get(LEVEL, "INFO").upper())
    _root.addHandler(_Recording())
    if not logging.getLogger().handlers:
        console = _Console()
        console.setFormatter(logging.Formatter(_FORMAT, "%H:%M:%S"))
        _root.addHandler(console)
        _root.propagate = False


def logger_of_prints() -> logging.Logger | None:
    """Return where `print` writes in the run that the caller is in; None leaves it alone."""
    task_run = task_run_var.get()
    context = task_run or flow_run_var.get()
    if context is None or not context.log_prints:
        return None
    return logging.getLogger(f"penstock.{'flow' if task_run is None else 'task'}_runs")


class _Recording(logging.Handler):
    """Keeps each line with the run that wrote it."""

    def emit(self, record: logging.LogRecord) -> None:
        run, task_run = flow_run_var.get(), task_run_var.get()
        if run is None or disabled_var.get():
            return
        message = record.getMessage()
        if record.exc_info:
            message = f"{message}\n{_formatter.formatException(record.exc_info)}"
        task_run_id = task_run.id if task_run is not None and task_run.run is run else ""
        run.log(record.levelno, record.name, message, task_run_id)


class _Console(logging.StreamHandler[Any]):
    """Writes to whatever standard error is at the moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr

    def filter(self, record: logging.LogRecord) -> bool:
        return not disabled_var.get() and super().filter(record) is not False


_formatter = logging.Formatter()
