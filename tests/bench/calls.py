"""W6 as a client: `calls.py WHAT ADDRESS …` prints one JSON object of what it measured."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import grpc

from penstock.api.state.v1 import (
    flow_run_filter_pb2,
    journal_pb2,
    journal_service_pb2,
    state_pb2,
    transition_service_pb2,
    worker_session_pb2,
)
from penstock.api.state.v1 import flow_run_service_pb2 as runs_pb
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.journal_service_pb2_grpc import JournalServiceStub
from penstock.api.state.v1.transition_service_pb2_grpc import TransitionServiceStub
from penstock.api.type.v1 import lease_pb2
from penstock.wire_channels import with_call_defaults

NAMESPACE = "bench"
CLIENTS, MOVES = 16, 60
BATCHES, BATCH = 30, 1_000
CREATES = 100
PER_CONNECTION = 500
RUNNING, PAUSED = state_pb2.STATE_TYPE_RUNNING, state_pb2.STATE_TYPE_PAUSED


async def transitions(address: str) -> dict[str, Any]:
    """16 clients, each on a run of its own, moving it to and fro."""

    async def one(number: int) -> list[float]:
        channel = _channel(address, number)
        lease = await _a_run(channel)
        move: Any = TransitionServiceStub(channel).TransitionFlowRun
        requests = [_move(lease, (RUNNING, PAUSED)[at % 2]) for at in range(MOVES)]
        return [await _clocked(move, each) for each in requests]

    began = time.perf_counter()
    found = await asyncio.gather(*map(one, range(CLIENTS)))
    wall = time.perf_counter() - began
    return {
        "wall": wall,
        "count": CLIENTS * MOVES,
        "calls": [each for calls in found for each in calls],
    }


async def journal(address: str) -> dict[str, Any]:
    """One writer, batches of task runs that are called and end."""
    channel = _channel(address, 0)
    lease = await _a_run(channel)
    await TransitionServiceStub(channel).TransitionFlowRun(_move(lease, RUNNING))
    append: Any = JournalServiceStub(channel).AppendJournal
    requests = [_batch(lease, 1 + at * BATCH) for at in range(BATCHES)]
    began = time.perf_counter()
    for request in requests:
        await append(request)
    return {"wall": time.perf_counter() - began, "count": BATCHES * BATCH}


async def creates(address: str) -> dict[str, Any]:
    """One client that makes runs, one after the other."""
    create: Any = FlowRunServiceStub(_channel(address, 0)).CreateFlowRun
    await create(_creation())
    calls = [await _clocked(create, _creation()) for _ in range(CREATES)]
    return {"wall": sum(calls), "count": CREATES, "calls": calls}


async def watches(address: str, count: str, of: str) -> dict[str, Any]:
    """Park so many watches, of a run each or of the namespace, until the input ends."""
    parked = 0
    ready = asyncio.Event()

    async def one(number: int) -> None:
        nonlocal parked
        request = runs_pb.WatchFlowRunsRequest(namespace=NAMESPACE)
        if of == "run":
            only = flow_run_filter_pb2.FlowRunFilter(flow_run_ids=[str(uuid4())])
            request.filter.CopyFrom(only)
        watch: Any = FlowRunServiceStub(channels[number // PER_CONNECTION]).WatchFlowRuns
        first = True
        async for _ in watch(request):
            if first:
                first, parked = False, parked + 1
                if parked == int(count):
                    ready.set()

    channels = [_channel(address, at) for at in range(-(-int(count) // PER_CONNECTION))]
    tasks = [asyncio.create_task(one(number)) for number in range(int(count))]
    await ready.wait()
    print("parked", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for task in tasks:
        task.cancel()
    return {"parked": parked}


def _channel(address: str, number: int) -> grpc.aio.Channel:
    # Equal options would share one connection.
    options = [("bench.number", number)]
    return with_call_defaults(grpc.aio.insecure_channel(address, options=options))


async def _clocked(call: Callable[[Any], Awaitable[object]], request: Any) -> float:
    began = time.perf_counter()
    await call(request)
    return time.perf_counter() - began


def _creation() -> runs_pb.CreateFlowRunRequest:
    request = runs_pb.CreateFlowRunRequest(request_id=str(uuid4()), namespace=NAMESPACE)
    request.spec.flow_name = "bench"
    return request


async def _a_run(channel: grpc.aio.Channel) -> lease_pb2.Lease:
    request = _creation()
    request.claim.session_id = str(uuid4())
    request.claim.kind = worker_session_pb2.SESSION_KIND_SCRIPT
    answer = await FlowRunServiceStub(channel).CreateFlowRun(request)
    return answer.lease


def _move(
    lease: lease_pb2.Lease, to: state_pb2.StateType.ValueType
) -> transition_service_pb2.TransitionFlowRunRequest:
    return transition_service_pb2.TransitionFlowRunRequest(
        request_id=str(uuid4()),
        namespace=NAMESPACE,
        flow_run_id=lease.run.flow_run_id,
        lease=lease.lease_ref,
        to_state=state_pb2.State(state_type=to),
    )


def _batch(lease: lease_pb2.Lease, first: int) -> journal_service_pb2.AppendJournalRequest:
    request = journal_service_pb2.AppendJournalRequest(
        request_id=str(uuid4()),
        namespace=NAMESPACE,
        run=lease.run,
        lease=lease.lease_ref,
        first_sequence=first,
    )
    for _ in range(BATCH // 2):
        task_run_id = str(_uuid7())
        called = request.entries.add(time=_now()).called
        called.task_run_id, called.name, called.task_name = task_run_id, "t-0", "t"
        called.step.task_key, called.state_type = "t:bench.py", RUNNING
        moved = request.entries.add(time=_now()).moved
        moved.task_run_id, moved.state.state_type = task_run_id, state_pb2.STATE_TYPE_COMPLETED
    return request


def _now() -> Any:
    entry = journal_pb2.JournalEntry()
    entry.time.GetCurrentTime()
    return entry.time


def _uuid7() -> UUID:
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds << 80) | (uuid4().int & ((1 << 80) - 1))
    return UUID(int=(number & ~(0xF << 76) & ~(0x3 << 62)) | (7 << 76) | (2 << 62))


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    work: Any = {
        "transitions": transitions,
        "journal": journal,
        "creates": creates,
        "watches": watches,
    }[what]
    print(json.dumps(asyncio.run(work(*arguments))))
