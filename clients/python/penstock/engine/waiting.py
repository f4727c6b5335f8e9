"""Waits for the end of a flow run that goes on elsewhere."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from penstock.connection import Connection
from penstock.engine.wire_runs import Services, changes_of, state_of
from penstock.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """A flow run as it was when somebody stopped waiting for it."""

    id: str
    name: str
    state: State[Any]
    result_id: str


async def wait_for_run(
    connection: Connection, flow_run_id: str, timeout: float | None
) -> RunOutcome:
    """Return the run when it has ended, or as it is after so many seconds."""
    services = Services(connection)
    try:
        async with asyncio.timeout(timeout):
            await _ended(services, flow_run_id)
    except TimeoutError:
        pass
    run = await services.flow_run(flow_run_id)
    return RunOutcome(
        id=run.id,
        name=run.name,
        state=state_of(run.state, run.id),
        result_id=run.result_id,
    )


async def _ended(services: Services, flow_run_id: str) -> None:
    async for run in changes_of(services, flow_run_id):
        if state_of(run.state).is_final():
            return
