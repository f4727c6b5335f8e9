"""Yards and workers that tests of several files arrange."""

from datetime import timedelta
from typing import Any

from contract.scheduler.requests import (
    HOME,
    a_pool,
    a_queue,
    a_registration,
    a_run,
    an_apply,
)
from contract.scheduler.site import Site
from penstock.api.state.v1 import worker_session_service_pb2
from unit.scheduler.builders import a_spec_message

AT_ONCE = timedelta(0)


async def a_yard(site: Site) -> None:
    """A pool with the queues "default" and "slow", and a deployment for each."""
    await site.pools.CreateWorkPool(a_pool())
    await site.pools.CreateWorkQueue(a_queue("slow", priority=9))
    await site.deployments.ApplyDeployment(an_apply())
    await site.deployments.ApplyDeployment(
        an_apply(name="slow", spec=a_spec_message(work_queue="slow"))
    )


async def a_worker(site: Site, **changes: Any) -> str:
    request = a_registration(**changes)
    await site.work.Register(request)
    return request.worker_id


async def run(site: Site, name: str = "spring/daily", **changes: Any) -> str:
    return (await site.deployments.RunDeployment(a_run(name, **changes))).flow_run_id


async def close(site: Site, worker: str) -> None:
    await site.sessions.CloseWorkerSession(
        worker_session_service_pb2.CloseWorkerSessionRequest(namespace=HOME, session_id=worker)
    )
