"""A real embedded store for every test, and the way to read it back through the contract."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from penstock.api.artifact.v1.result_service_pb2 import GetResultRequest
from penstock.api.artifact.v1.result_service_pb2_grpc import ResultServiceStub
from penstock.api.state.v1.flow_run_pb2 import FlowRun
from penstock.api.state.v1.flow_run_service_pb2 import (
    GetFlowRunRequest,
    ListFlowRunsRequest,
)
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.log_service_pb2 import ListLogsRequest, ListLogsResponse
from penstock.api.state.v1.log_service_pb2_grpc import LogServiceStub
from penstock.api.state.v1.state_pb2 import State, StateType
from penstock.api.state.v1.task_run_pb2 import TaskRun
from penstock.api.state.v1.task_run_service_pb2 import ListTaskRunsRequest
from penstock.api.state.v1.task_run_service_pb2_grpc import TaskRunServiceStub
from penstock.api.state.v1.transition_service_pb2 import ListFlowRunTransitionsRequest
from penstock.api.state.v1.transition_service_pb2_grpc import TransitionServiceStub
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.api.type.v1.view_pb2 import View
from penstock.client.process_connection import process_connection
from penstock.client.wire.payloads import value_of


class Recorded:
    """What the store says of the runs that a test made."""

    def newest(self) -> FlowRun:
        return self.flow_runs()[0]

    def flow_runs(self) -> list[FlowRun]:
        request = ListFlowRunsRequest(namespace="default")
        return list(self._ask(FlowRunServiceStub, "ListFlowRuns", request).flow_runs)

    def flow_run(self, flow_run_id: str) -> FlowRun:
        request = GetFlowRunRequest(namespace="default", flow_run_id=flow_run_id)
        return self._ask(FlowRunServiceStub, "GetFlowRun", request).flow_run  # type: ignore[no-any-return]

    def names_of_states(self, flow_run_id: str) -> list[str]:
        request = ListFlowRunTransitionsRequest(namespace="default", flow_run_id=flow_run_id)
        reply = self._ask(TransitionServiceStub, "ListFlowRunTransitions", request)
        return [shown(each.state) for each in reply.transitions]

    def task_runs(self, flow_run_id: str) -> dict[str, TaskRun]:
        request = ListTaskRunsRequest(
            namespace="default", flow_run_id=flow_run_id, page_size=200, view=View.VIEW_FULL
        )
        reply = self._ask(TaskRunServiceStub, "ListTaskRuns", request)
        return {each.name: each for each in reply.task_runs}

    def log(self, flow_run_id: str) -> list[str]:
        return [line.message for line in self.whole_log(flow_run_id).lines]

    def whole_log(self, flow_run_id: str) -> ListLogsResponse:
        request = ListLogsRequest(
            namespace="default", run=RunRef(flow_run_id=flow_run_id), page_size=1000
        )
        return self._ask(LogServiceStub, "ListLogs", request)  # type: ignore[no-any-return]

    def result(self, result_id: str) -> Any:
        request = GetResultRequest(namespace="default", result_id=result_id)
        payload = self._ask(ResultServiceStub, "GetResult", request).result.payload
        return value_of(payload, payload.inline)

    def _ask(self, stub: Any, method: str, request: Any) -> Any:
        opened = process_connection.opened()
        channel = opened.artifact if stub is ResultServiceStub else opened.state

        async def ask() -> Any:
            return await getattr(stub(channel), method)(request)

        return opened.loop.run(ask())


def shown(state: State) -> str:
    return (
        state.name or StateType.Name(state.state_type).removeprefix("STATE_TYPE_").capitalize()
    )


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PENSTOCK_HOME", str(tmp_path / "store"))
    for name in ("PENSTOCK_ADDRESS", "PENSTOCK_STATE_ADDRESS", "PENSTOCK_NAMESPACE"):
        monkeypatch.delenv(name, raising=False)
    yield tmp_path / "store"
    process_connection.close()


@pytest.fixture
def recorded() -> Recorded:
    return Recorded()
