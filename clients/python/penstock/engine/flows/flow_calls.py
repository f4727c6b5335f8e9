"""A call of a flow in this process: its run is created, owned, executed and ended here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from penstock.client.flow_runs import FlowRuns, NewRun
from penstock.client.process_connection import process_connection
from penstock.client.wire.run_specs import spec_of
from penstock.engine.calls.handles import Arguments, resolved
from penstock.engine.calls.naming import flow_run_name
from penstock.engine.calls.upstream import given_to
from penstock.engine.contexts import (
    FlowRunContext,
    FlowRunFacts,
    flow_run_var,
    tags_var,
)
from penstock.engine.drives import AWAITING, BLOCKING, Drive, run_blocking
from penstock.engine.final_state import interrupted
from penstock.engine.flows.flow_runs import LocalRun, execute
from penstock.engine.flows.live import live_run
from penstock.engine.flows.subflows import Tracking, track
from penstock.engine.run_logging import prepare_logging
from penstock.engine.undoing import transaction_var
from penstock.ground.cancelling import CancelToken
from penstock.leases.keeping import Keeper
from penstock.payloads.encoding import encode_parameters
from penstock.payloads.secret_values import secret_classes
from penstock.process import user_frames
from penstock.states import State

if TYPE_CHECKING:
    from penstock.client.connection import Connection
    from penstock.client.flow_runs import ClaimedRun
    from penstock.declarations import FlowDeclaration


def call_flow(flow: FlowDeclaration, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run the flow here and now; of an async one, return what is to be awaited."""
    user_frames.install()
    return_state = kwargs.pop("return_state", False)
    wait_for = kwargs.pop("wait_for", ())
    if flow.isasync:
        return _call_async(flow, args, kwargs, wait_for, return_state)
    try:
        state = run_blocking(_run(flow, args, kwargs, wait_for, BLOCKING))
        return _returned(state, return_state)
    except BaseException as error:
        user_frames.strip(error)
        raise


def delivered(state: State[Any]) -> Any:
    """Return what the caller of a flow gets, or raise what ended the run.

    A list of states is the caller's to look at, also if some of them failed.
    """
    if state.is_completed() or isinstance(state.data, list | tuple | set):
        return state.data
    raise state.exception()


def _returned(state: State[Any], return_state: bool) -> Any:
    """A flow that was told to stop with its subflow does not go on behind it."""
    around = flow_run_var.get()
    if around is not None:
        around.cancel.check()
    return state if return_state else delivered(state)


async def _call_async(
    flow: FlowDeclaration,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    wait_for: Sequence[Any],
    return_state: bool,
) -> Any:
    try:
        state = await _run(flow, args, kwargs, wait_for, AWAITING)
        return _returned(state, return_state)
    except BaseException as error:
        user_frames.strip(error)
        raise


async def _run(
    flow: FlowDeclaration,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    wait_for: Sequence[Any],
    drive: Drive,
) -> State[Any]:
    awaited = list(wait_for) if wait_for else None
    given = given_to(args, kwargs, awaited, flow.positional_names)
    if given is not None and given.handles:
        passed = Arguments(args, kwargs)
        passed = await resolved(passed, given.handles, drive, caller=f"flow {flow.name}")
        args, kwargs = passed.args, dict(passed.kwargs)
    parameters = flow.parameters.bind(args, kwargs)
    parent = flow_run_var.get()
    if parent is not None:
        parent.cancel.check()
        around = transaction_var.get()
        if around is not None:
            around.check()
    edges = given.edges if given is not None else ()
    tracking = track(flow, parent, parameters, edges) if parent is not None else None
    if isinstance(tracking, State):
        return tracking
    with process_connection.in_use() as opened:
        if tracking is None:
            return await _executed(flow, parameters, opened, None, drive)
        with tracking.parent.cancel.subflow():
            try:
                state = await _executed(flow, parameters, opened, tracking, drive)
            except BaseException as error:
                tracking.ended(interrupted("Flow", error, tracking.parent.cancel))
                raise
        tracking.ended(state)
        return state


async def _executed(
    flow: FlowDeclaration,
    parameters: Mapping[str, Any],
    opened: Connection,
    tracking: Tracking | None,
    drive: Drive,
) -> State[Any]:
    parent = flow_run_var.get()
    prepare_logging()
    claimed = None
    try:
        run = _new_run(flow, parameters, parent, tracking)
        # A subflow's span hangs below what its parent is doing now.
        claimed = await drive.until(opened.loop.submit(opened.part(FlowRuns).create(run)))
    finally:
        if tracking is not None:
            tracking.begun(claimed.owned.flow_run_id if claimed is not None else "")
    live = _live(flow, parameters, claimed, opened, parent, run.spec.tags)
    with opened.part(Keeper).keeping(live, claimed.renew_interval):
        local = LocalRun(connection=opened, live=live, parameters=parameters)
        try:
            return await execute(local, drive)
        finally:
            opened.close_after(live.recorder.log_barrier())


def _new_run(
    flow: FlowDeclaration,
    parameters: Mapping[str, Any],
    parent: FlowRunContext | None,
    tracking: Tracking | None,
) -> NewRun:
    # A program that has loaded no pydantic has no secrets, and its annotations stay unread.
    secret_names = flow.parameters.secret_names() if secret_classes() else ()
    return NewRun(
        spec=spec_of(flow, encode_parameters(parameters, secret_names), tags=tags_var.get()),
        name=flow_run_name(flow, parameters),
        parent_flow_run_id=parent.flow_run.id if parent else "",
        parent_task_run_id=tracking.called.task_run_id if tracking else "",
    )


def _live(
    flow: FlowDeclaration,
    parameters: Mapping[str, Any],
    claimed: ClaimedRun,
    connection: Connection,
    parent: FlowRunContext | None,
    tags: Sequence[str],
) -> FlowRunContext:
    facts = FlowRunFacts(
        id=claimed.owned.flow_run_id,
        name=claimed.name,
        flow_name=flow.name,
        flow_version=flow.options.version or "",
        parameters=parameters,
        tags=tags,
        parent_flow_run_id=parent.flow_run.id if parent else "",
        root_flow_run_id=claimed.root_flow_run_id,
    )
    cancel = CancelToken(parent.cancel if parent else None)
    return live_run(flow, facts, claimed.owned, cancel, connection=connection, parent=parent)
