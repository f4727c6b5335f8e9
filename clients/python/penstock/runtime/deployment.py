"""The deployment that the caller's flow run is a run of."""

from __future__ import annotations

from functools import cache
from typing import Any

from penstock.engine.contexts import flow_run_var
from penstock.runtime.facts import fact


def _of_run(name: str) -> Any:
    run = flow_run_var.get()
    return (
        None if run is None or not run.flow_run.deployment_id else getattr(run.flow_run, name)
    )


def _name() -> str | None:
    deployment_id = _of_run("deployment_id")
    return None if deployment_id is None else _name_of(deployment_id)


@cache
def _name_of(deployment_id: str) -> str:
    """Ask for what the run itself does not carry: a name never changes."""
    from penstock.client.deployments import Deployments
    from penstock.client.process_connection import process_connection

    opened = process_connection.opened()
    return opened.loop.run(opened.part(Deployments).name_of(deployment_id))


def _parameters() -> dict[str, Any]:
    run = flow_run_var.get()
    return {} if run is None else dict(run.flow_run.parameters)


_READERS = {
    "id": lambda: _of_run("deployment_id"),
    "name": _name,
    "version": lambda: _of_run("deployment_version"),
    "flow_run_id": lambda: _of_run("id"),
    "parameters": _parameters,
}


def __getattr__(name: str) -> Any:
    return fact("deployment", _READERS, name)


def __dir__() -> list[str]:
    return sorted(_READERS)
