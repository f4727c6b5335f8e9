"""The services as a command sees them: it asks, and waits for the answer."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

from penstock import connection
from penstock.cli.wire.scheduler import Deployments, WorkPools
from penstock.cli.wire.state import FlowRuns

T = TypeVar("T")


def ask(question: Coroutine[Any, Any, T]) -> T:
    """Return the answer; Ctrl-C stops waiting for it."""
    return connection.current().loop.run(question)


def flow_runs() -> FlowRuns:
    here = connection.current()
    return FlowRuns(here.state, here.namespace)


def deployments() -> Deployments:
    here = connection.current()
    return Deployments(here.scheduler, here.namespace)


def work_pools() -> WorkPools:
    here = connection.current()
    return WorkPools(here.scheduler, here.namespace)
