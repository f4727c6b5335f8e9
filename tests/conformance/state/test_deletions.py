"""What is deleted at the same time as it is used leaves nothing behind that points nowhere."""

import asyncio
from contextlib import suppress
from uuid import UUID

import pytest

from builders import NAMESPACE, HandClock, no_limit
from penstock.errors import FlowNotFound, ResourceInUse
from penstockd.chassis.ids import id_source
from penstockd.database.request_log import Intent
from penstockd.state.rules.actor import USER
from penstockd.state.rules.flow import Flow
from penstockd.state.rules.run_spec import RunSpec
from penstockd.state.rules.terms import Terms
from penstockd.state.store import Store
from penstockd.state.usecases.flow import Flows
from penstockd.state.usecases.flow_run import FlowRuns, NewFlowRun
from penstockd.state.usecases.sources import Sources

pytestmark = pytest.mark.asyncio
ROUNDS = 40
clock = HandClock()
new_id = id_source(clock)
sources = Sources(clock=clock, new_id=new_id)


def an_intent(method: str) -> Intent:
    return Intent(namespace=NAMESPACE, method=method, request_id=new_id(), request_hash=b"")


async def keep_flow(store: Store, name: str) -> None:
    flow = Flow(namespace=NAMESPACE, id=new_id(), name=name, create_time=clock())
    await store.write(lambda tx: tx.flows.obtain(flow))


async def test_a_flow_that_is_deleted_while_a_run_is_made_stays_or_is_made_anew(
    store: Store,
) -> None:
    runs, flows = FlowRuns(store, sources, Terms(), no_limit()), Flows(store, sources)

    async def make(name: str) -> UUID:
        new = NewFlowRun(spec=RunSpec(flow_name=name))
        answer = await runs.create(
            an_intent("CreateFlowRun"),
            new,
            actor=USER,
            render=lambda created: created.flow_run.flow_id.bytes,
        )
        return UUID(bytes=answer.response)

    async def delete(name: str) -> None:
        with suppress(FlowNotFound, ResourceInUse):
            await flows.delete(an_intent("DeleteFlow"), name, render=lambda _: b"")

    names = [f"spill-{number}" for number in range(ROUNDS)]
    for name in names:
        await keep_flow(store, name)
    async with asyncio.TaskGroup() as both:
        made = []
        for name in names:
            made.append(both.create_task(make(name)))
            both.create_task(delete(name))
    for name, task in zip(names, made, strict=True):
        assert (await flows.get(NAMESPACE, name)).id == task.result()
