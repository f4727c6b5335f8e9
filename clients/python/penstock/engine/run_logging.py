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
from penstock.engine.final_state import described
from penstock.exceptions import ConfigurationError
from penstock.ground.lasting_loggers import keep_lines_by, lasting_logger
from penstock.ground.printable import printable
from penstock.ground.texts import repr_of

LEVEL = "PENSTOCK_LOGGING_LEVEL"
_FORMAT = "%(asctime)s.%(msecs)03d | %(levelname)s | %(subject)s | %(message)s"

_root = lasting_logger("penstock")
# Set while the caller wants no lines of runs.
disabled_var: ContextVar[bool] = ContextVar("run_logger_disabled", default=False)
_prepared = False
_left_out: set[str] = set()
# The last ones: what ends a program is among them.
_shown_errors: deque[BaseException] = deque(maxlen=8)


def prepare_logging(level: int | None = None) -> None:
    """Send lines to the run's record, and to standard error if the program logs nowhere.

    Args:
        level: from which level runs log; None asks the environment.

    Raises:
        ConfigurationError: the environment names no level.
    """
    global _prepared  # noqa: PLW0603 - once per process
    if _prepared:
        return
    if level is None:
        level = logging_level()
    _prepared = True
    if _root.level == logging.NOTSET:
        _root.setLevel(level)
    recording = _Recording()
    keep_lines_by(recording)
    # For loggers below `penstock` that the program got from `logging` itself.
    _root.addHandler(recording)
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


def logging_level() -> int:
    """Return from which level runs log, as the environment says.

    Raises:
        ConfigurationError: it names no level.
    """
    given = os.environ.get(LEVEL) or "INFO"
    name = given.strip().upper()
    # Also those that the program has added.
    level = logging.getLevelNamesMapping().get(name)
    if level is None and name.isascii() and name.isdigit():
        level = int(name)
    if level is None:
        raise ConfigurationError(
            f"{LEVEL}={given} is not a valid level: set it to DEBUG, INFO, WARNING, ERROR, "
            "CRITICAL, or a number such as 10"
        )
    # Without any, a logger takes the level of the root, and people mean that all is logged.
    return max(level, 1)


def log_of_run() -> logging.Logger | None:
    """Return the log of the run that the caller is in, if it is in one."""
    if flow_run_var.get() is None:
        return None
    kind = "flow" if task_run_var.get() is None else "task"
    return lasting_logger(f"penstock.{kind}_runs")


def log_of_prints() -> logging.Logger | None:
    """Return where `print` writes in the run that the caller is in; None leaves it alone."""
    context = task_run_var.get() or flow_run_var.get()
    return log_of_run() if context is not None and context.log_prints else None


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
        if run is None or disabled_var.get() or getattr(record, "penstock_kept", False):
            return
        record.penstock_kept = True
        try:
            message = _whole_text.format(record)
        except Exception as error:  # noqa: BLE001 - arguments are the user's, and raise anything
            self.handleError(record)
            # Whoever else has the record must not stumble over it again.
            record.msg, record.args = _as_it_was_called(record, error), None
            message = _whole_text.format(record)
        task_run_id = task_run.id if task_run is not None and task_run.run is run else ""
        run.log(record.levelno, record.name, message, task_run_id)


def _as_it_was_called(record: logging.LogRecord, error: Exception) -> str:
    """Return what can be said of a line whose arguments do not fit its text."""
    given = record.args if isinstance(record.args, tuple) else (record.args,)
    told = ", ".join(map(repr_of, (record.msg, *given)))
    return f"{told} (cannot be formatted: {described(error)})"


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


_whole_text = logging.Formatter("%(message)s")
