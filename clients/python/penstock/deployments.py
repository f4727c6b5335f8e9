"""Deployments: `flow.deploy` makes one, `run_deployment` runs one."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from shlex import quote
from typing import TYPE_CHECKING, Any
from uuid import UUID

from penstock.client.deployments import Deployments, RunRequest, deployed_parameters
from penstock.client.flow_runs import FlowRuns, RunOutcome
from penstock.client.process_connection import process_connection
from penstock.client.waiting import wait_for_run
from penstock.client.wire.run_specs import Launch, spec_of
from penstock.exceptions import ConfigurationError, ParameterBindError
from penstock.ground.labels import checked_name, checked_tags
from penstock.ground.printable import printable
from penstock.ground.texts import cut
from penstock.payloads.secret_values import refuse_secrets
from penstock.process.entrypoints import entrypoint

if TYPE_CHECKING:
    from penstock.declarations import FlowDeclaration

__all__ = ["RunOutcome", "deploy_flow", "run_deployment"]

LONGEST_DESCRIPTION = 16_384
DEFAULT_POOL = "PENSTOCK_DEFAULT_WORK_POOL_NAME"


def run_deployment(
    name: str | UUID,
    *,
    parameters: Mapping[str, Any] | None = None,
    scheduled_time: datetime | None = None,
    flow_run_name: str = "",
    timeout: float | None = None,
    poll_interval: float | None = None,
    tags: Iterable[str] = (),
    idempotency_key: str = "",
) -> RunOutcome:
    """Make a run of a deployment, and wait for its end.

    Args:
        name: "flow name/deployment name", or the deployment's id.
        parameters: arguments that replace those of the deployment, name by name.
        scheduled_time: when the run is due; now unless given.
        flow_run_name: for people; a random one unless given.
        timeout: wait at most so many seconds; 0 does not wait.
        poll_interval: has no effect, because the run's changes are pushed.
        tags: words to find the run by, beside those of the deployment.
        idempotency_key: at most one run has this key, however often this is called.

    Returns:
        The run's id, name and state, as they are when it has ended or the time is over.

    Raises:
        DeploymentNotFound: nothing has this name.
        ParameterTypeError: an argument is a secret, or nothing that JSON can say.
    """
    del poll_interval  # changes are pushed
    arguments = dict(parameters or {})
    refuse_secrets(arguments)
    opened = process_connection.opened()
    request = RunRequest(
        deployment=str(name),
        parameters=deployed_parameters(arguments),
        flow_run_name=flow_run_name,
        tags=sorted(checked_tags(tags)),
        scheduled_time=scheduled_time,
        idempotency_key=idempotency_key,
    )
    run = opened.loop.run(opened.part(Deployments).run(request))
    waiting = wait_for_run(opened.part(FlowRuns), run.flow_run_id, timeout, cursor=run.cursor)
    return opened.loop.run(waiting)


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
            f"no work pool is named: give work_pool_name, or set {DEFAULT_POOL}"
        )
    arguments = dict(parameters or {})
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
        f"Deployed {flow}/{name} to the work pool {pool}.",
        f"Run it: penstock deployment run {quote(f'{flow}/{name}')}",
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
    return cut(inspect.cleandoc(said), LONGEST_DESCRIPTION) if isinstance(said, str) else ""


def _launch(flow: FlowDeclaration) -> Launch:
    found = entrypoint(flow.fn, flow.is_same)
    return Launch(
        interpreter=sys.executable,
        working_dir=str(found.folder),
        sys_path=[str(found.folder)],
        entrypoint=found.where,
        source_digest=found.source_digest(),
    )
