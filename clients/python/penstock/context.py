"""Where user code runs: `tags` for the runs made inside, `get_run_context` for this one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from penstock.engine.contexts import (
    FlowRunContext,
    TaskRunContext,
    flow_run_var,
    tags_var,
    task_run_var,
)
from penstock.exceptions import MissingContextError
from penstock.ground.labels import checked_tags

__all__ = ["get_run_context", "tags"]


@contextmanager
def tags(*names: str) -> Iterator[frozenset[str]]:
    """Label every flow run and task run that is made inside.

    Raises:
        ValueError: a tag is empty or longer than 200 characters, or there are more than 100.

    Example:
        >>> from penstock import tags
        >>> with tags("nightly") as current:
        ...     sorted(current)
        ['nightly']
    """
    current = checked_tags((*tags_var.get(), *names))
    token = tags_var.set(current)
    try:
        yield current
    finally:
        tags_var.reset(token)


def get_run_context() -> FlowRunContext | TaskRunContext:
    """Return the task run that the caller is in, or else the flow run.

    Raises:
        MissingContextError: the caller is in neither.
    """
    context = task_run_var.get() or flow_run_var.get()
    if context is None:
        raise MissingContextError("there is no active run: call this inside a flow or a task")
    return context
