"""How lines reach the console and the record of the run that writes them."""

from __future__ import annotations

import logging
import os
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from penstock.engine.contexts import flow_run_var, task_run_var
from penstock.ground.printable import printable

LEVEL = "PENSTOCK_LOGGING_LEVEL"
_FORMAT = "%(asctime)s.%(msecs)03d | %(levelname)s | %(subject)s | %(message)s"

_root = logging.getLogger("penstock")
# Set while the caller wants no lines of runs.
disabled_var: ContextVar[bool] = ContextVar("run_logger_disabled", default=False)
_prepared = False
_left_out: set[str] = set()
# The last ones: what ends a program is among them.
_shown_errors: deque[BaseException] = deque(maxlen=8)


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
        console.setFormatter(_WithSubject(_FORMAT, "%H:%M:%S"))
        _root.addHandler(console)
        _root.propagate = False


@contextmanager
def console_without(logger: str) -> Iterator[None]:
    """Keep what a logger says off standard error: in this block somebody else shows it."""
    _left_out.add(logger)
    try:
        yield
    finally:
        _left_out.discard(logger)


def logger_of_prints() -> logging.Logger | None:
    """Return where `print` writes in the run that the caller is in; None leaves it alone."""
    task_run = task_run_var.get()
    context = task_run or flow_run_var.get()
    if context is None or not context.log_prints:
        return None
    return logging.getLogger(f"penstock.{'flow' if task_run is None else 'task'}_runs")


def was_shown(error: BaseException) -> bool:
    """Tell whether people have read on standard error what this is and where it came from."""
    return any(error is shown for shown in _shown_errors)


class _WithSubject(logging.Formatter):
    """Tells of each line which run wrote it: a task run by its name, or a flow run by its own.

    As soon as lines of a second flow run come, task runs are told by their flow run too.
    """

    def __init__(self, form: str, time_form: str) -> None:
        super().__init__(form, time_form)
        self._flow_runs: set[str] = set()

    def format(self, record: logging.LogRecord) -> str:
        run, task_run = flow_run_var.get(), task_run_var.get()
        flow_run = _said(record, "flow_run_name") or (run.flow_run.name if run else "")
        task = _said(record, "task_run_name")
        if not task and task_run is not None and not _said(record, "flow_run_name"):
            task = task_run.name
        if len(self._flow_runs) < 2 and flow_run:
            self._flow_runs.add(flow_run)
        several = len(self._flow_runs) > 1
        names = (flow_run if several or not task else "", task)
        record.subject = printable("/".join(filter(None, names)) or record.name)
        return super().format(record)


def _said(record: logging.LogRecord, name: str) -> str:
    value = getattr(record, name, "")
    return value if isinstance(value, str) else ""


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

    def emit(self, record: logging.LogRecord) -> None:
        super().emit(record)
        error = getattr(record, "penstock_error", None)
        if isinstance(error, BaseException):
            _shown_errors.append(error)

    def filter(self, record: logging.LogRecord) -> bool:
        if disabled_var.get() or record.name in _left_out:
            return False
        return super().filter(record) is not False


_formatter = logging.Formatter()
