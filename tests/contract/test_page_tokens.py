"""A token that no list gave is PAGE_TOKEN_INVALID at every list, and never a bug of ours."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import grpc
import pytest
import pytest_asyncio

from penstock.api.executor.v1 import execution_service_pb2 as executions
from penstock.api.executor.v1.execution_service_pb2_grpc import ExecutionServiceStub
from penstock.api.scheduler.v1 import deployment_service_pb2 as deployments
from penstock.api.scheduler.v1 import work_pool_service_pb2 as pools
from penstock.api.scheduler.v1 import worker_service_pb2 as workers
from penstock.api.scheduler.v1.deployment_service_pb2_grpc import DeploymentServiceStub
from penstock.api.scheduler.v1.work_pool_service_pb2_grpc import WorkPoolServiceStub
from penstock.api.scheduler.v1.worker_service_pb2_grpc import WorkerServiceStub
from penstock.api.state.v1 import flow_run_service_pb2 as runs
from penstock.api.state.v1 import flow_service_pb2 as flows
from penstock.api.state.v1 import journal_service_pb2 as journals
from penstock.api.state.v1 import log_service_pb2 as logs
from penstock.api.state.v1 import task_run_service_pb2 as task_runs
from penstock.api.state.v1 import transition_service_pb2 as transitions
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.flow_service_pb2_grpc import FlowServiceStub
from penstock.api.state.v1.journal_service_pb2_grpc import JournalServiceStub
from penstock.api.state.v1.log_service_pb2_grpc import LogServiceStub
from penstock.api.state.v1.task_run_service_pb2_grpc import TaskRunServiceStub
from penstock.api.state.v1.transition_service_pb2_grpc import TransitionServiceStub
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.errors import NotFound, PageTokenInvalid
from penstock.wire_channels import with_call_defaults
from penstock.wire_errors import named_errors
from penstockd.assembly.services import SERVICES, mount
from penstockd.assembly.site import Site, service_of
from penstockd.chassis.clock import system_clock
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import LocalChannel
from penstockd.chassis.mounted import Mounted
from penstockd.chassis.wire.keys import Key
from penstockd.chassis.wire.pages import page_of
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from witness import all_methods

RUN = str(uuid4())
RUN_REF = RunRef(flow_run_id=RUN)
LISTS: dict[str, tuple[Any, Any]] = {
    "ListFlows": (FlowServiceStub, flows.ListFlowsRequest(namespace="home")),
    "ListFlowRuns": (FlowRunServiceStub, runs.ListFlowRunsRequest(namespace="home")),
    "ListTaskRuns": (
        TaskRunServiceStub,
        task_runs.ListTaskRunsRequest(namespace="home", flow_run_id=RUN),
    ),
    "ListLogs": (LogServiceStub, logs.ListLogsRequest(namespace="home", run=RUN_REF)),
    "ListDeployments": (
        DeploymentServiceStub,
        deployments.ListDeploymentsRequest(namespace="home"),
    ),
    "ListWorkPools": (WorkPoolServiceStub, pools.ListWorkPoolsRequest(namespace="home")),
    "ListWorkers": (WorkerServiceStub, workers.ListWorkersRequest(namespace="home")),
    "ListExecutions": (
        ExecutionServiceStub,
        executions.ListExecutionsRequest(namespace="home"),
    ),
    "ListJournal": (
        JournalServiceStub,
        journals.ListJournalRequest(namespace="home", run=RUN_REF),
    ),
    "ListFlowRunTransitions": (
        TransitionServiceStub,
        transitions.ListFlowRunTransitionsRequest(namespace="home", flow_run_id=RUN),
    ),
}
FOREIGN = ["next", "=", "AAAA", "!!!!", "é", "MTIzNDU2Nzg", "MTIzNDU2Nzg=", "A" * 1024]
# As the key in a token that is otherwise right.
NO_KEYS = ["", "\x00", "a\x00b", "1:\x00a"]
# Some lists may have such a key.
MAYBE_KEYS = [
    "x", "0:", "-1", "1_0", "9223372036854775808", "1e400", "[[[[", '["a", 1]', "{}", "1:ab",
    "9999-12-31T23:59:59.999999+00:00", "0001-01-01T00:00:00+00:00", "2026-01-01",
    "\U0010ffff", "9" * 700, "9223372036854775807", "25:2026-01-01T00:00:00+00:00x",
    *(f"{len(time)}:{time}{UUID(int=1)}" for time in (
        "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00",
        "1969-12-31T00:00:00+00:00", "2026-01-01T00:00:00+00:00",
    )),
    str(UUID(int=0)), str(UUID(int=(1 << 128) - 1)), UUID(int=1).hex, "5:alphabeta",
]  # fmt: skip
each_list = pytest.mark.parametrize(("stub", "asked"), LISTS.values(), ids=LISTS)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/penstock.db"


@pytest_asyncio.fixture
async def channel(url: str, tmp_path: Path) -> AsyncIterator[grpc.aio.Channel]:
    mounted: dict[str, Mounted] = {}

    async def resolve(full_name: str) -> Mounted | None:
        return mounted.get(service_of(full_name))

    local = LocalChannel(resolve, standard_chain())
    opened = with_call_defaults(cast(grpc.aio.Channel, local))
    databases = []
    for name, service in SERVICES.items():
        at = f"sqlite:///{tmp_path}/own.db" if service.own_store else url
        databases.append(await open_database(at, schemas=[schema_of(name)]))
        site = Site(store=tmp_path, database=databases[-1], clock=system_clock())
        mounted[name] = await mount(service, site, dict.fromkeys(SERVICES, opened))
    yield opened
    await local.close()
    for database in databases:
        await database.close()


async def ask(channel: grpc.aio.Channel, stub: Any, asked: Any, token: str) -> None:
    again = type(asked)()
    again.CopyFrom(asked)
    again.page_token = token
    method = asked.DESCRIPTOR.name.removesuffix("Request")
    with named_errors():
        await getattr(stub(channel), method)(again)


def forged(request: Any, text: str) -> str:
    return page_of(request, Key(write=str, read=str)).token(text)


def test_every_list_is_here() -> None:
    names = {path.rpartition("/")[2] for path in all_methods()}
    assert {name for name in names if name.startswith("List")} == {*LISTS}


@each_list
@pytest.mark.asyncio
async def test_a_token_from_elsewhere_is_refused(
    channel: grpc.aio.Channel, stub: Any, asked: Any
) -> None:
    of_others = [
        forged(other, text)
        for _, other in LISTS.values()
        if other is not asked
        for text in ("1", "flow", RUN)
    ]
    for token in [*FOREIGN, *of_others, *(forged(asked, text) for text in NO_KEYS)]:
        with pytest.raises(PageTokenInvalid):
            await ask(channel, stub, asked, token)


@each_list
@pytest.mark.asyncio
async def test_a_forged_key_finds_nothing_or_is_refused(
    channel: grpc.aio.Channel, stub: Any, asked: Any
) -> None:
    for text in MAYBE_KEYS:
        with suppress(PageTokenInvalid, NotFound):
            await ask(channel, stub, asked, forged(asked, text))
        with pytest.raises(PageTokenInvalid):
            await ask(channel, stub, asked, forged(asked, text)[:-1])
