"""Logs of runs: `get_run_logger`."""

from __future__ import annotations

import logging
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from penstock.context import get_run_context
from penstock.engine.contexts import flow_run_var, task_run_var
from penstock.engine.run_logging import disabled_var
from penstock.ground.lasting_loggers import lasting_logger

__all__ = ["disable_run_logger", "get_logger", "get_run_logger"]


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
        return RunLogger(lasting_logger("penstock.flow_runs"), facts)
    facts |= {"task_run_id": task_run.id, "task_run_name": task_run.name}
    facts["task_name"] = task_run.task.name
    return RunLogger(lasting_logger("penstock.task_runs"), facts)


def get_logger(name: str = "") -> logging.Logger:
    """Return a logger below `penstock`, whose lines belong to the run that writes them."""
    return lasting_logger(f"penstock.{name}" if name else "penstock")


@contextmanager
def disable_run_logger() -> Iterator[None]:
    """Drop the lines of runs inside the block; for tests of a task's own function."""
    token = disabled_var.set(True)
    try:
        yield
    finally:
        disabled_var.reset(token)
