"""Logs of runs: `get_run_logger`, and how lines reach the console and the run's record."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from penstock.context import flow_run_var, get_run_context, task_run_var

__all__ = ["disable_run_logger", "get_logger", "get_run_logger"]

LEVEL = "PENSTOCK_LOGGING_LEVEL"
_FORMAT = "%(asctime)s.%(msecs)03d | %(levelname)-7s | %(message)s"

_root = logging.getLogger("penstock")
_disabled: ContextVar[bool] = ContextVar("run_logger_disabled", default=False)
_prepared = False


class RunLogger(logging.LoggerAdapter[logging.Logger]):
    """A logger whose lines carry the run that they belong to."""

    def process(
        self, msg: Any, kwargs: MutableMapping[str, Any]
    ) -> tuple[Any, MutableMapping[str, Any]]:
        kwargs["extra"] = {**(self.extra or {}), **(kwargs.get("extra") or {})}
        return msg, kwargs


def get_run_logger(**extra: str) -> RunLogger:
    """Return the logger of the run that the caller is in.

    Args:
        extra: more attributes of each line.

    Raises:
        MissingContextError: the caller is in no run.

    Example:
        >>> from penstock import get_run_logger, task
        >>> @task
        ... def greet(name):
        ...     get_run_logger().debug("greeting %s", name)
        ...     return f"hello {name}"
        >>> greet("world")
        'hello world'
    """
    get_run_context()
    run, task_run = flow_run_var.get(), task_run_var.get()
    facts = dict(extra)
    if run is not None:
        facts |= {"flow_run_id": run.flow_run.id, "flow_run_name": run.flow_run.name}
        facts["flow_name"] = run.flow_run.flow_name
    if task_run is None:
        return RunLogger(logging.getLogger("penstock.flow_runs"), facts)
    facts |= {"task_run_id": task_run.id, "task_run_name": task_run.name}
    facts["task_name"] = task_run.task.name
    return RunLogger(logging.getLogger("penstock.task_runs"), facts)


def get_logger(name: str = "") -> logging.Logger:
    """Return a logger below `penstock`, whose lines belong to the run that writes them."""
    return logging.getLogger(f"penstock.{name}" if name else "penstock")


@contextmanager
def disable_run_logger() -> Iterator[None]:
    """Drop the lines of runs inside the block; for tests of a task's own function."""
    token = _disabled.set(True)
    try:
        yield
    finally:
        _disabled.reset(token)


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


class _Recording(logging.Handler):
    """Keeps each line with the run that wrote it."""

    def emit(self, record: logging.LogRecord) -> None:
        run, task_run = flow_run_var.get(), task_run_var.get()
        if run is None or _disabled.get():
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
        return not _disabled.get() and super().filter(record) is not False


_formatter = logging.Formatter()
