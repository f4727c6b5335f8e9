"""Write plain functions; Penstock runs, records, retries and undoes them.

Every name is loaded when it is first asked for, so that importing two decorators is cheap.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

# Early: what is loaded at the end of a program is not told of that end.
import penstock.ground.endings  # noqa: F401

if TYPE_CHECKING:
    from penstock.annotations import allow_failure, unmapped
    from penstock.context import tags
    from penstock.deployments import run_deployment
    from penstock.flows import Flow, flow
    from penstock.logging import get_run_logger
    from penstock.states import State
    from penstock.tasks import Task, task
    from penstock.transactions import Transaction

    __version__: str

# gRPC reads it when it loads. Its handlers crash processes that are forked while it is at work;
# `penstock.client.connection` sees to it that such a process makes no calls.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

__all__ = [
    "Flow",
    "State",
    "Task",
    "Transaction",
    "allow_failure",
    "flow",
    "get_run_logger",
    "run_deployment",
    "tags",
    "task",
    "unmapped",
]

_HOMES = {
    "Flow": "flows",
    "State": "states",
    "Task": "tasks",
    "Transaction": "transactions",
    "allow_failure": "annotations",
    "flow": "flows",
    "get_run_logger": "logging",
    "run_deployment": "deployments",
    "tags": "context",
    "task": "tasks",
    "unmapped": "annotations",
}


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name == "__version__":
            return _version()
        if name not in _HOMES:
            raise AttributeError(f"module 'penstock' has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"penstock.{_HOMES[name]}"), name)
        return found


def __dir__() -> list[str]:
    return sorted((*__all__, "__version__"))


def _version() -> str:
    from importlib.metadata import version

    return version("penstock")
