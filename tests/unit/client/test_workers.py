"""A list of workers says more than nothing about a pool that is not there."""

import pytest

from penstock.api.scheduler.v1.work_pool_service_pb2 import (
    GetWorkPoolRequest,
    GetWorkPoolResponse,
)
from penstock.api.scheduler.v1.worker_pb2 import Worker
from penstock.api.scheduler.v1.worker_service_pb2 import ListWorkersResponse
from penstock.client.workers import Workers
from penstock.errors import WorkPoolNotFound
from unit.client.channels import Answering, connection_over, in_one


def only_mine(request: GetWorkPoolRequest) -> GetWorkPoolResponse:
    if request.work_pool.name != "mine":
        raise WorkPoolNotFound("no such pool")
    return GetWorkPoolResponse()


def test_the_workers_of_a_pool_are_listed_if_there_is_such_a_pool() -> None:
    reply = ListWorkersResponse(workers=[Worker(id="w", alive=True)])
    service = Answering(GetWorkPool=only_mine, ListWorkers=lambda _request: reply)
    workers = Workers(connection_over(service))
    [found] = in_one(workers.of_pool("mine", alive_only=True))
    assert (found["id"], found["alive"]) == ("w", True)
    said = service.asked[-1].filter
    assert (list(said.work_pools), said.alive_only) == (["mine"], True)
    with pytest.raises(WorkPoolNotFound):
        in_one(workers.of_pool("yours", alive_only=False))
