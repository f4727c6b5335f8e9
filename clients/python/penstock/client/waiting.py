"""Waits for the end of a flow run that goes on elsewhere."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

from penstock.client.connection import Connection
from penstock.client.flow_runs import Services
from penstock.client.watching import ended
from penstock.client.wire.failures import error_of
from penstock.client.wire.states import state_of
from penstock.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """A flow run as it was when somebody stopped waiting for it."""

    id: str
    name: str
    state: State[Any]
    result_id: str


async def wait_for_run(
    connection: Connection, flow_run_id: str, timeout: float | None, *, cursor: str = ""
) -> RunOutcome:
    """Return the run when it has ended, or as it is after so many seconds.

    Args:
        cursor: from where to watch, if the run had not ended then.
    """
    services = Services(connection)
    try:
        async with asyncio.timeout(timeout):
            await ended(services, flow_run_id, cursor)
    except TimeoutError:
        pass
    run = await services.flow_run(flow_run_id)
    state = state_of(run.state, run.id)
    if run.HasField("failure") and (error := error_of(run.failure)) is not None:
        state = replace(state, data=error)
    return RunOutcome(id=run.id, name=run.name, state=state, result_id=run.result_id)
