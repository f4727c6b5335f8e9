"""Rows of runs as the services answer them, as far as they are shown."""

from typing import Any


def a_run() -> dict[str, Any]:
    spec = {"flow_name": "calc"}
    return {"id": "run", "spec": spec, "name": "calm-sea", **a_state("COMPLETED")}


def a_task(
    name: str, *, caller: str = "", type: str = "COMPLETED", message: str = ""
) -> dict[str, Any]:
    return {"id": name, "name": name, "parent_task_run_id": caller, **a_state(type, message)}


def a_subflow(
    name: str, *, parent: str, task: str = "", type: str = "COMPLETED"
) -> dict[str, Any]:
    """Return a flow run that another one called, by a task run that stands for it."""
    called_by = {"parent_flow_run_id": parent, "parent_task_run_id": task, "create_time": name}
    return {**a_run(), "id": name, "name": name, **called_by, **a_state(type)}


def a_state(type: str, message: str = "") -> dict[str, Any]:
    state = {"state_type": type, "name": "", "message": message, "time": "2026-01-01T00:00:00Z"}
    return {"attempt": 1, "state": state}
