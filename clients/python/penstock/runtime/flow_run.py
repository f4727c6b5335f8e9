"""The flow run that the caller is in."""

from __future__ import annotations

from typing import Any

from penstock.engine.contexts import flow_run_var
from penstock.runtime.facts import fact


def _of_run(name: str, default: Any = None) -> Any:
    run = flow_run_var.get()
    return default if run is None else getattr(run.flow_run, name) or default


def _attempt() -> int:
    run = flow_run_var.get()
    return 0 if run is None else run.attempt


_READERS = {
    "id": lambda: _of_run("id"),
    "name": lambda: _of_run("name"),
    "flow_name": lambda: _of_run("flow_name"),
    "flow_version": lambda: _of_run("flow_version"),
    "tags": lambda: list(_of_run("tags", ())),
    "parameters": lambda: dict(_of_run("parameters", {})),
    "run_count": _attempt,
    "scheduled_start_time": lambda: _of_run("scheduled_start_time"),
    "parent_flow_run_id": lambda: _of_run("parent_flow_run_id"),
    "root_flow_run_id": lambda: _of_run("root_flow_run_id"),
}


def __getattr__(name: str) -> Any:
    return fact("flow_run", _READERS, name)


def __dir__() -> list[str]:
    return sorted(_READERS)
