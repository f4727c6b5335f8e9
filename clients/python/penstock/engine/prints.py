"""Sends `print` to the run's log, where the flow or task asks for it."""

from __future__ import annotations

import builtins
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

from penstock.context import flow_run_var, task_run_var

_plain = builtins.print


@contextmanager
def prints_to_log(wanted: bool) -> Iterator[None]:
    """From the first flow that wants it on, `print` looks where it is called."""
    if wanted:
        watch_prints()
    yield


def watch_prints() -> None:
    """Replace `print`, once, by one that asks the run that it is called in."""
    if builtins.print is not _print:
        builtins.print = _print


def _print(*values: Any, file: Any = None, **options: Any) -> None:
    task_run, run = task_run_var.get(), flow_run_var.get()
    context = task_run or run
    if context is None or not context.log_prints or file not in (None, sys.stdout, sys.stderr):
        return _plain(*values, file=file, **options)
    text = StringIO()
    _plain(*values, file=text, **options)
    kind = "task_runs" if task_run is not None else "flow_runs"
    logging.getLogger(f"penstock.{kind}").info("%s", text.getvalue().rstrip("\n"))
    return None
