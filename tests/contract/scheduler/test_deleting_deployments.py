import pytest

from contract.scheduler.deploying import a_deployment, get, the_run
from contract.scheduler.requests import (
    a_deletion,
    a_poll,
    a_registration,
    a_run,
    an_apply,
    by_name,
)
from contract.scheduler.site import Site
from penstock.api.scheduler.v1 import deployment_pb2
from penstock.api.state.v1 import state_pb2
from penstock.errors import DeploymentNotFound, RequestIdReused, ResourceInUse, Unavailable
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio


async def run(site: Site, name: str = "spring/daily") -> str:
    return (await site.deployments.RunDeployment(a_run(name))).flow_run_id


async def state_of(site: Site, flow_run_id: str) -> int:
    return (await the_run(site, flow_run_id)).state.state_type


async def test_a_deployment_that_nobody_runs_is_deleted(site: Site) -> None:
    deployment = await a_deployment(site)
    request = a_deletion(deployment=deployment_pb2.DeploymentRef(id=deployment.id))
    reply = await site.deployments.DeleteDeployment(request)
    assert (reply.deployment, reply.cancelled_runs) == (deployment, 0)
    with pytest.raises(DeploymentNotFound), named_errors():
        await get(site, by_name())
    with pytest.raises(DeploymentNotFound), named_errors():
        await site.deployments.RunDeployment(a_run())
    assert await site.deployments.DeleteDeployment(request) == reply
    request.cancel = True
    with pytest.raises(RequestIdReused), named_errors():
        await site.deployments.DeleteDeployment(request)
    with pytest.raises(DeploymentNotFound), named_errors():
        await site.deployments.DeleteDeployment(a_deletion())


async def test_its_name_is_free_again(site: Site) -> None:
    first = await a_deployment(site)
    await site.deployments.ApplyDeployment(an_apply(description="other"))
    await site.deployments.DeleteDeployment(a_deletion())
    again = (await site.deployments.ApplyDeployment(an_apply())).deployment
    assert again.id != first.id
    assert (again.version, again.revision) == (1, 1)


async def test_one_whose_runs_have_not_ended_is_kept(site: Site) -> None:
    await a_deployment(site)
    runs = [await run(site) for _ in range(2)]
    request = a_deletion()
    with (
        pytest.raises(ResourceInUse, match=r"spring/daily has runs .* \(2\)") as caught,
        named_errors(),
    ):
        await site.deployments.DeleteDeployment(request)
    assert caught.value.metadata == {"flow_runs": "2"}
    assert await state_of(site, runs[0]) == state_pb2.STATE_TYPE_SCHEDULED
    await get(site, by_name())


async def test_its_runs_are_cancelled_when_that_is_asked_and_stay(site: Site) -> None:
    await a_deployment(site)
    await site.deployments.ApplyDeployment(an_apply(name="other"))
    mine, other = [await run(site) for _ in range(3)], await run(site, "spring/other")
    worker = a_registration()
    await site.work.Register(worker)
    (owned,) = (await site.work.Acquire(a_poll(worker.worker_id))).works
    request = a_deletion(cancel=True)
    reply = await site.deployments.DeleteDeployment(request)
    assert reply.cancelled_runs == 3
    states = {each: await state_of(site, each) for each in mine}
    assert states.pop(owned.lease.run.flow_run_id) == state_pb2.STATE_TYPE_CANCELLING
    assert set(states.values()) == {state_pb2.STATE_TYPE_CANCELLED}
    assert await state_of(site, other) == state_pb2.STATE_TYPE_SCHEDULED
    assert await site.deployments.DeleteDeployment(request) == reply


async def test_a_deletion_that_cannot_reach_the_state_service_deletes_nothing(
    site: Site,
) -> None:
    await a_deployment(site)
    request = a_deletion(cancel=True)
    await run(site)
    site.wire.cut = True
    with pytest.raises(Unavailable), named_errors():
        await site.deployments.DeleteDeployment(request)
    site.wire.cut = False
    assert (await site.deployments.DeleteDeployment(request)).cancelled_runs == 1
