"""The task run that the caller is in."""

from __future__ import annotations

from typing import Any

from penstock.engine.contexts import task_run_var
from penstock.runtime.facts import fact


def _of_run(name: str, default: Any = None) -> Any:
    run = task_run_var.get()
    return default if run is None else getattr(run, name)


def _task_name() -> str | None:
    run = task_run_var.get()
    return None if run is None else run.task.name


def _parameters() -> dict[str, Any]:
    run = task_run_var.get()
    return {} if run is None else run.parameters


_READERS = {
    "id": lambda: _of_run("id"),
    "name": lambda: _of_run("name"),
    "task_name": _task_name,
    "tags": lambda: sorted(_of_run("tags", ())),
    "parameters": _parameters,
    "run_count": lambda: _of_run("attempt", 0),
}


def __getattr__(name: str) -> Any:
    return fact("task_run", _READERS, name)


def __dir__() -> list[str]:
    return sorted(_READERS)
