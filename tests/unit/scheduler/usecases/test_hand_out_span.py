from collections.abc import Sequence
from datetime import timedelta

import pytest

from penstock import telemetry
from penstock.spans import ENDPOINT, ROOT
from penstockd.scheduler.rules.deployment import DeploymentRef
from penstockd.scheduler.rules.work import Work
from penstockd.scheduler.store import Store
from penstockd.scheduler.usecases.deployment_run import DeploymentRuns, Wish
from penstockd.scheduler.usecases.namespaces import Namespaces
from penstockd.scheduler.usecases.waiters import Waiters
from penstockd.scheduler.usecases.work import Offer, Works
from unit.scheduler.builders import Runs, a_deployment, a_pool, a_worker, an_intent
from unit.test_telemetry import Collector, collector

__all__ = ["collector"]

pytestmark = pytest.mark.asyncio

WISH = Wish(deployment=DeploymentRef(flow_name="spring", name="daily"))


async def test_the_hand_out_is_a_span_of_the_runs_own_trace(
    store: Store,
    collector: Collector,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(ENDPOINT, collector.address)
    state, waiters, worker = Runs(), Waiters(Namespaces()), a_worker()
    await store.write(lambda tx: tx.work_pools.insert(a_pool()))
    await store.write(lambda tx: tx.workers.save(worker))
    await store.write(lambda tx: tx.deployments.insert(a_deployment()))
    handed: list[Work] = []

    def render(works: Sequence[Work]) -> bytes:
        handed.extend(works)
        return b""

    telemetry.configure("test")
    try:
        with telemetry.span("cli.run", parent=ROOT) as asked:
            run = DeploymentRuns(store, state, waiters)
            await run.run(an_intent("RunDeployment"), WISH, render=lambda _: b"")
        with telemetry.span("executor.acquire", parent=ROOT):
            offer = Offer(worker_id=worker.id, slots=1, wait=timedelta(0))
            await Works(store, state, waiters).acquire(an_intent(), offer, render=render)
    finally:
        telemetry.shutdown()
    _, trace_id, span_id, _ = asked.traceparent.split("-")
    span = collector.named("scheduler.hand_out")
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (trace_id, span_id)
    assert handed[0].traceparent.split("-")[1:3] == [trace_id, span.span_id.hex()]
