"""A database that is away: services live, are not ready, and say so to who calls them."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from grpc_health.v1 import health_pb2, health_pb2_grpc

from fixtures_postgres import Cluster
from fixtures_systems import NewSystem
from hanging import HANG_LIMIT
from integration.caller import Caller
from integration.system import EAGER, System

READY = ("state", "scheduler", "artifact")
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
SERVING = health_pb2.HealthCheckResponse.SERVING


def health_of(system: System, service: str, name: str) -> bool:
    with grpc.insecure_channel(system.addresses[service], options=EAGER) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        request = health_pb2.HealthCheckRequest(service=name)
        answer = stub.Check(request, timeout=HANG_LIMIT, wait_for_ready=True)
        return bool(answer.status == SERVING)


def is_not_ready(system: System, service: str) -> bool:
    return not health_of(system, service, "readiness")


def until(happens: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + HANG_LIMIT
    while not happens():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def reason_of(call: Callable[[], object]) -> str:
    with pytest.raises(grpc.RpcError) as failed:
        call()
    assert failed.value.code() is grpc.StatusCode.UNAVAILABLE
    return str(next(infos_of(failed.value)).reason)


def infos_of(error: Any) -> Iterator[ErrorInfo]:
    for key, value in error.trailing_metadata():
        if key == "grpc-status-details-bin":
            for detail in Status.FromString(value).details:
                info = ErrorInfo()
                if detail.Unpack(info):
                    yield info


def test_services_live_on_without_their_database_and_are_not_ready(
    new_system: NewSystem, postgres_cluster: Cluster, postgres_url: str
) -> None:
    [name] = re.findall(r"/(penstock_\w+)\?", postgres_url)
    system = new_system()
    system.start_all()
    with closing(Caller(system.addresses)) as caller:
        caller.flow_runs()
        postgres_cluster.run(
            f"ALTER DATABASE {name} ALLOW_CONNECTIONS false", CUT.format(name=name)
        )
        try:
            for service in READY:
                until(partial(is_not_ready, system, service), service)
                assert health_of(system, service, "liveness")
            assert reason_of(caller.flow_runs) == "STORAGE_UNAVAILABLE"
            assert reason_of(caller.live_workers) == "STORAGE_UNAVAILABLE"
        finally:
            postgres_cluster.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        for service in READY:
            until(partial(health_of, system, service, "readiness"), service)
        caller.flow_runs()
