"""Where user code runs: in which flow run, task run, transaction, and under which tags."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from penstock.exceptions import MissingContextError
from penstock.labels import checked_tags

if TYPE_CHECKING:
    from penstock.engine.live_run import FlowRunContext, TaskRunContext
    from penstock.transactions import Transaction

__all__ = ["get_run_context", "tags"]

flow_run_var: ContextVar[FlowRunContext | None] = ContextVar("flow_run", default=None)
task_run_var: ContextVar[TaskRunContext | None] = ContextVar("task_run", default=None)
transaction_var: ContextVar[Transaction | None] = ContextVar("transaction", default=None)
tags_var: ContextVar[frozenset[str]] = ContextVar("tags", default=frozenset())


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
        raise MissingContextError(
            "there is no run here: call this from inside a flow or a task"
        )
    return context


def current_flow_run() -> FlowRunContext | None:
    return flow_run_var.get()
