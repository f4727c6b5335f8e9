"""Runs a flow under a lease that somebody else acquired: what an executor's child does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from penstock.client.connection import Connection
from penstock.client.flow_runs import FlowRuns, Origin
from penstock.client.process_connection import process_connection
from penstock.client.wire.owned import Owned
from penstock.declarations import FlowDeclaration, FlowOptions
from penstock.engine.contexts import FlowRunContext, FlowRunFacts, tags_var
from penstock.engine.drives import AWAITING, BLOCKING, run_blocking
from penstock.engine.flows.flow_runs import LocalRun, execute
from penstock.engine.flows.live import live_run
from penstock.engine.run_logging import prepare_logging
from penstock.exceptions import ParameterBindError, PenstockError
from penstock.ground.cancelling import CancelToken
from penstock.states import Failed, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to work on one flow run, and what is known of the run."""

    owned: Owned
    flow_run_name: str = ""
    deployment_id: str = ""
    deployment_version: int = 0


def run_leased(
    flow: FlowDeclaration,
    *,
    lease: Lease,
    parameters: Mapping[str, Any],
    traceparent: str = "",
    cancel: CancelToken,
) -> State[Any]:
    """Run the flow to its end under the lease, and return the state that it came into.

    The lease is renewed by whoever acquired it. What the flow raises is in the state.
    """
    opened = process_connection.opened()
    prepare_logging()
    origin = opened.loop.run(opened.part(FlowRuns).origin(lease.owned.flow_run_id))
    tags_var.set(frozenset(origin.tags))
    live = _live(flow, lease, origin, parameters, opened, cancel)
    try:
        bound: Mapping[str, Any] = flow.parameters.bind_names(parameters)
    except ParameterBindError as error:
        flow = _refusing(error, flow)
        live.flow, bound = flow, {}
    local = LocalRun(
        connection=opened,
        live=live,
        parameters=bound,
        traceparent=traceparent,
        to_be_named=True,
        ends_log=False,
    )
    try:
        if flow.isasync:
            return asyncio.run(execute(local, AWAITING))
        return run_blocking(execute(local, BLOCKING))
    finally:
        # What was said last would be lost with this process.
        with suppress(PenstockError):
            live.recorder.log_barrier().result()


def _refusing(error: ParameterBindError, flow: FlowDeclaration) -> FlowDeclaration:
    """The run exists already, so it is the run that must say what is wrong."""

    def refuse() -> State[Any]:
        return Failed(message=str(error), data=error)

    return FlowDeclaration(refuse, FlowOptions(name=flow.name))


def _live(
    flow: FlowDeclaration,
    lease: Lease,
    origin: Origin,
    parameters: Mapping[str, Any],
    opened: Connection,
    cancel: CancelToken,
) -> FlowRunContext:
    owned = lease.owned
    facts = FlowRunFacts(
        id=owned.flow_run_id,
        name=lease.flow_run_name or owned.flow_run_id,
        flow_name=flow.name,
        flow_version=origin.flow_version or flow.options.version or "",
        parameters=parameters,
        tags=origin.tags,
        parent_flow_run_id=origin.parent_flow_run_id,
        root_flow_run_id=origin.root_flow_run_id,
        scheduled_start_time=origin.due,
        deployment_id=lease.deployment_id,
        deployment_version=lease.deployment_version,
    )
    return live_run(flow, facts, owned, cancel, connection=opened)
