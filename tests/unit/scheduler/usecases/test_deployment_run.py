from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, NoReturn

import pytest

from penstock.errors import StorageUnavailable
from penstockd.scheduler.rules.deployment import DeploymentRef, changed_to
from penstockd.scheduler.store import Transaction
from penstockd.scheduler.store.sql_store import SqlStore
from penstockd.scheduler.usecases.deployment_run import DeploymentRuns, Wish
from penstockd.scheduler.usecases.namespaces import Namespaces
from penstockd.scheduler.usecases.waiters import Waiters
from unit.scheduler.builders import NOON, Runs, a_deployment, a_spec, an_intent

pytestmark = pytest.mark.asyncio

WISH = Wish(deployment=DeploymentRef(flow_name="spring", name="daily"))


class FullDisk(SqlStore):
    """Reads, and cannot write."""

    async def write(self, work: Callable[[Transaction], Coroutine[Any, Any, Any]]) -> NoReturn:
        raise StorageUnavailable("the disk of the store has errors")


def runs(store: SqlStore, state: Runs) -> DeploymentRuns:
    return DeploymentRuns(store, state, Waiters(Namespaces()))


async def test_a_run_whose_answer_was_lost_is_made_once_whatever_changed(
    store: SqlStore,
) -> None:
    state, intent = Runs(), an_intent("RunDeployment")
    deployment = a_deployment()
    await store.write(lambda tx: tx.deployments.insert(deployment))
    broken = FullDisk(store._database, clock=lambda: NOON)
    with pytest.raises(StorageUnavailable):
        await runs(broken, state).run(intent, WISH, render=lambda _: b"")
    newer = changed_to(deployment, replace(deployment, spec=a_spec(flow_version="9")))
    await store.write(lambda tx: tx.deployments.save(newer, new_version=True))
    answer = await runs(store, state).run(
        intent, WISH, render=lambda run: f"{run.deployment_version} {run.is_new}".encode()
    )
    assert (len(state.waiting), answer.response) == (1, b"1 True")


async def test_a_key_of_the_callers_own_makes_runs_of_two_requests_one(
    store: SqlStore,
) -> None:
    state, wish = Runs(), replace(WISH, idempotency_key="monday")
    await store.write(lambda tx: tx.deployments.insert(a_deployment()))
    for _ in range(2):
        await runs(store, state).run(
            an_intent("RunDeployment"), wish, render=lambda run: str(run.id).encode()
        )
    assert len(state.waiting) == 1
