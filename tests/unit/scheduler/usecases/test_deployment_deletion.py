import pytest

from penstock.errors import ResourceInUse, RevisionConflict
from penstockd.scheduler.rules.deployment import DeploymentRef
from penstockd.scheduler.store import Store
from penstockd.scheduler.usecases.deployment_deletion import TRIES, DeploymentDeletions
from penstockd.scheduler.usecases.deployment_run import DeploymentRuns, Wish
from penstockd.scheduler.usecases.namespaces import Namespaces
from penstockd.scheduler.usecases.waiters import Waiters
from unit.scheduler.builders import Runs, a_deployment, an_intent

pytestmark = pytest.mark.asyncio

REF = DeploymentRef(flow_name="spring", name="daily")


async def a_state_with_runs(store: Store, count: int) -> Runs:
    state = Runs()
    await store.write(lambda tx: tx.deployments.insert(a_deployment()))
    runs = DeploymentRuns(store, state, Waiters(Namespaces()))
    for _ in range(count):
        intent = an_intent("RunDeployment")
        await runs.run(intent, Wish(deployment=REF), render=lambda _: b"")
    return state


async def delete(store: Store, state: Runs, *, cancel: bool = True) -> int:
    answer = await DeploymentDeletions(store, state).delete(
        an_intent("DeleteDeployment"),
        REF,
        cancel=cancel,
        render=lambda _, cancelled: str(cancelled).encode(),
    )
    return int(answer.response)


async def test_all_runs_are_cancelled_page_by_page(store: Store) -> None:
    state = await a_state_with_runs(store, 5)
    assert await delete(store, state) == 5
    assert (len(state.cancels), state.listed, state.waiting) == (5, 3, [])


async def test_a_run_that_was_deleted_meanwhile_is_none_to_cancel(store: Store) -> None:
    state = await a_state_with_runs(store, 2)
    state.vanishing.add(state.waiting[0][0])
    assert await delete(store, state) == 2


async def test_a_run_that_moves_meanwhile_is_asked_again_a_few_times(store: Store) -> None:
    state = await a_state_with_runs(store, 1)
    state.conflicts = TRIES
    with pytest.raises(RevisionConflict):
        await delete(store, state)
    assert len(state.cancels) == TRIES
    state.conflicts = TRIES - 1
    assert await delete(store, state) == 1


async def test_nothing_is_cancelled_that_nobody_asked_for(store: Store) -> None:
    state = await a_state_with_runs(store, 1)
    with pytest.raises(ResourceInUse, match=r"spring/daily has runs .* \(1\)"):
        await delete(store, state, cancel=False)
    assert state.cancels == []
