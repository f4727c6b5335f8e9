"""Programs on one embedded store, as processes of their own, and what the store holds."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from hanging import HANG_LIMIT
from integration.caller import FLOWS, NAMESPACE, state_of
from integration.system import LEASH, clean_environment
from penstock.api.state.v1.flow_run_service_pb2 import ListFlowRunsRequest
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.task_run_service_pb2 import ListTaskRunsRequest
from penstock.api.state.v1.task_run_service_pb2_grpc import TaskRunServiceStub
from penstockd.assembly import open_embedded


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A flow run as a reader sees it; `tasks` are the states of its task runs."""

    id: str
    state: str
    message: str
    tasks: tuple[str, ...]


def program(
    store: Path, flow: str, *arguments: str, **environment: str
) -> subprocess.Popen[str]:
    """Start a script that runs one of the flows of `flows.py`."""
    return subprocess.Popen(
        [sys.executable, "-c", LEASH, str(FLOWS), flow, *arguments],
        env=clean_environment(PENSTOCK_HOME=str(store), **environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def penstock(
    store: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "penstock.cli", *arguments],
        env=clean_environment(PENSTOCK_HOME=str(store), **environment),
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )


def runs_in(store: Path) -> Mapping[str, Listed]:
    """Open the store as any program does, and return its flow runs by id."""
    return {each.id: each for each in asyncio.run(_listed(store))}


async def _listed(store: Path) -> Sequence[Listed]:
    opened = await open_embedded(store, session_id=uuid4())
    try:
        runs: Any = FlowRunServiceStub(opened.channel)
        tasks: Any = TaskRunServiceStub(opened.channel)
        reply = await runs.ListFlowRuns(ListFlowRunsRequest(namespace=NAMESPACE))
        found: list[Listed] = []
        for run in reply.flow_runs:
            request = ListTaskRunsRequest(namespace=NAMESPACE, flow_run_id=run.id)
            under = (await tasks.ListTaskRuns(request)).task_runs
            found.append(
                Listed(
                    id=run.id,
                    state=state_of(run),
                    message=run.state.message,
                    tasks=tuple(map(state_of, under)),
                )
            )
        return found
    finally:
        await opened.close()
