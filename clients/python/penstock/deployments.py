"""Deployments: `flow.deploy` makes one, `run_deployment` runs one."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from inspect import cleandoc, signature
from shlex import quote
from typing import TYPE_CHECKING, Any
from uuid import UUID

from penstock.client.deployments import Deployments, RunRequest, deployed_parameters
from penstock.client.process_connection import process_connection
from penstock.client.wire.run_specs import Launch, spec_of
from penstock.deployed_runs import DeployedRun
from penstock.exceptions import ConfigurationError, ParameterBindError
from penstock.ground.keywords import refuse
from penstock.ground.labels import checked_name, checked_tags
from penstock.ground.option_checks import patience
from penstock.ground.printable import printable
from penstock.ground.texts import cut, repr_of
from penstock.payloads.secret_values import refuse_secrets
from penstock.process.entrypoints import entrypoint

if TYPE_CHECKING:
    from penstock.declarations import FlowDeclaration

__all__ = ["DeployedRun", "deploy_flow", "run_deployment"]

LONGEST_DESCRIPTION = 16_384
DEFAULT_POOL = "PENSTOCK_DEFAULT_WORK_POOL_NAME"


def run_deployment(
    name: str | UUID,
    *,
    parameters: Mapping[str, Any] | None = None,
    scheduled_time: datetime | None = None,
    flow_run_name: str | None = None,
    timeout: float | None = None,
    poll_interval: float | None = None,
    tags: Iterable[str] | None = None,
    idempotency_key: str | None = None,
    **unsupported: Any,
) -> DeployedRun:
    """Make a run of a deployment; in sync code, also wait for its end.

    Where an event loop runs in the calling thread, as in async code and in notebooks, the run
    is returned at once, and `await run` waits; it is not made before the loop goes on.

    Args:
        name: "flow name/deployment name", or the deployment's id.
        parameters: arguments that replace those of the deployment, name by name. The flow's
            `*values` are a list under that name.
        scheduled_time: when the run is due, with a time zone; now unless given.
        flow_run_name: for people; as the flow's author names it, or random, unless given.
        timeout: wait at most so many seconds; 0 does not wait, None waits for ever.
        poll_interval: has no effect, because the run's changes are pushed.
        tags: words to find the run by, beside those of the deployment.
        idempotency_key: at most one run has this key, however often this is called.

    Returns:
        The run, with `id`, `name`, `state`, `wait` and `result`. That the time is over is no
        error: `run.state.is_final()` tells whether the run has ended.

    Raises:
        DeploymentNotFound: nothing has this name.
        InvalidArgument: the flow does not take these parameters.
        ParameterTypeError: an argument is a secret, or nothing that JSON can say.
        UnsupportedKeyword: an option is not known, or not supported yet.
        ValueError, TypeError: an option is out of its bounds, or of another kind.

    Where the run is returned at once, the first two are raised when it is awaited or asked.

    Example:
        run = run_deployment("etl/nightly", parameters={"day": "2026-01-31"}, timeout=600)
        print(run.name, run.state.name, run.result())
    """
    del poll_interval  # changes are pushed
    refuse("run_deployment", unsupported, known=signature(run_deployment).parameters)
    seconds = patience("run_deployment's timeout", timeout)
    arguments = _arguments(parameters)
    refuse_secrets(arguments)
    request = RunRequest(
        deployment=_checked_deployment(name),
        parameters=deployed_parameters(arguments),
        flow_run_name=_checked_text("flow_run_name", flow_run_name),
        tags=sorted(checked_tags(tags or ())),
        scheduled_time=_checked_time(scheduled_time),
        idempotency_key=_checked_text("idempotency_key", idempotency_key),
    )
    opened = process_connection.opened()
    made = opened.loop.submit(opened.part(Deployments).run(request))
    run = DeployedRun(request.deployment, made, opened, seconds)
    if asyncio._get_running_loop() is None:
        run.wait(seconds)
    else:
        opened.close_after(made)
    return run


def _checked_deployment(name: object) -> str:
    if isinstance(name, UUID):
        return str(name)
    if not isinstance(name, str):
        raise TypeError(
            f"a deployment must be given by its name or its id, not by {repr_of(name)}"
        )
    if all(name.split("/")) and name.count("/") == 1:
        return name
    try:
        return str(UUID(name))
    except ValueError:
        raise ValueError(
            f"{repr_of(name)} is not a valid deployment: write 'flow name/deployment "
            "name', or its id"
        ) from None


def _checked_text(what: str, text: object) -> str:
    if text is None or isinstance(text, str):
        return text or ""
    raise TypeError(f"run_deployment's {what} must be a string, not {repr_of(text)}")


def _checked_time(time: object) -> datetime | None:
    if time is None:
        return None
    if not isinstance(time, datetime):
        raise TypeError(
            f"run_deployment's scheduled_time must be a datetime, not {repr_of(time)}"
        )
    if time.utcoffset() is None:
        raise ValueError(
            f"run_deployment's scheduled_time {time} has no time zone: give it one, such as by "
            "scheduled_time.astimezone()"
        )
    return time


def _arguments(parameters: object) -> dict[str, Any]:
    if parameters is None:
        return {}
    if not isinstance(parameters, Mapping):
        raise TypeError(
            f"parameters must be a dict of arguments by name, not {repr_of(parameters)}"
        )
    for name in parameters:
        if not isinstance(name, str) or not name:
            raise TypeError(f"the names of parameters must be strings, not {repr_of(name)}")
    return dict(parameters)


def deploy_flow(
    flow: FlowDeclaration,
    name: str,
    *,
    work_pool: str | None,
    work_queue: str | None,
    parameters: Mapping[str, Any] | None,
    description: str | None,
    tags: Iterable[str],
    version: str | None,
    say: bool,
) -> UUID:
    """Do what `Flow.deploy` says."""
    checked_name("a deployment's name", name)
    pool = work_pool or os.environ.get(DEFAULT_POOL, "")
    if not pool:
        raise ConfigurationError(
            f"no work pool is given: pass work_pool_name, or set {DEFAULT_POOL}"
        )
    arguments = _arguments(parameters)
    _check_names(flow, arguments)
    refuse_secrets(arguments, flow.parameters.secret_names_among(arguments))
    spec = replace(
        spec_of(
            flow,
            deployed_parameters(arguments),
            tags=checked_tags(tags),
            version=version or "",
        ),
        launch=_launch(flow),
        work_pool=pool,
        work_queue=work_queue or "",
    )
    opened = process_connection.opened()
    deployment_id = opened.loop.run(
        opened.part(Deployments).apply(
            name,
            spec,
            parameter_schema=flow.parameters.schema(),
            description=description or _described(flow),
        )
    )
    if say:
        sys.stdout.writelines(
            f"{printable(line)}\n" for line in next_steps(flow.name, name, pool)
        )
    return deployment_id


def next_steps(flow: str, name: str, pool: str) -> tuple[str, str]:
    """Return in two lines what was made and how to run it."""
    return (
        f"Deployed {flow}/{name} to work pool {pool}.",
        f"Run it with: penstock deployment run {quote(f'{flow}/{name}')}",
    )


def _check_names(flow: FlowDeclaration, parameters: Mapping[str, Any]) -> None:
    if unknown := flow.parameters.unknown(parameters):
        known = ", ".join(flow.parameters.signature.parameters) or "none"
        raise ParameterBindError(
            f"flow {flow.name} has no parameter {', '.join(unknown)}; it has {known}"
        )


def _described(flow: FlowDeclaration) -> str:
    """A docstring may be longer than anybody reads of a deployment, and holds what it likes."""
    said = flow.description
    return cut(cleandoc(said), LONGEST_DESCRIPTION) if isinstance(said, str) else ""


def _launch(flow: FlowDeclaration) -> Launch:
    found = entrypoint(flow.fn, flow.is_same)
    return Launch(
        interpreter=sys.executable,
        working_dir=str(found.folder),
        sys_path=[str(found.folder)],
        entrypoint=found.where,
        source_digest=found.source_digest(),
    )
