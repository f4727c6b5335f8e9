"""Asks running services what a person would ask them, through the contract alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
from google.protobuf.message import Message

from hanging import HANG_LIMIT
from penstock.api.executor.v1.execution_pb2 import Execution
from penstock.api.executor.v1.execution_service_pb2 import ListExecutionsRequest
from penstock.api.executor.v1.execution_service_pb2_grpc import ExecutionServiceStub
from penstock.api.scheduler.v1.deployment_pb2 import DeploymentRef
from penstock.api.scheduler.v1.deployment_service_pb2 import (
    ApplyDeploymentRequest,
    RunDeploymentRequest,
)
from penstock.api.scheduler.v1.deployment_service_pb2_grpc import DeploymentServiceStub
from penstock.api.scheduler.v1.work_pool_service_pb2 import (
    CreateWorkPoolRequest,
    ListWorkPoolsRequest,
)
from penstock.api.scheduler.v1.work_pool_service_pb2_grpc import WorkPoolServiceStub
from penstock.api.scheduler.v1.worker_pb2 import Worker, WorkerFilter
from penstock.api.scheduler.v1.worker_service_pb2 import ListWorkersRequest
from penstock.api.scheduler.v1.worker_service_pb2_grpc import WorkerServiceStub
from penstock.api.state.v1.flow_run_filter_pb2 import FlowRunFilter
from penstock.api.state.v1.flow_run_pb2 import FlowRun
from penstock.api.state.v1.flow_run_service_pb2 import (
    CancelFlowRunRequest,
    GetFlowRunRequest,
    ListFlowRunsRequest,
    SetFlowRunStateRequest,
    WatchFlowRunsRequest,
)
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.log_service_pb2 import (
    ListLogsRequest,
    ListLogsResponse,
    WatchLogsRequest,
)
from penstock.api.state.v1.log_service_pb2_grpc import LogServiceStub
from penstock.api.state.v1.state_pb2 import State, StateType
from penstock.api.state.v1.task_run_pb2 import TaskRun
from penstock.api.state.v1.task_run_service_pb2 import ListTaskRunsRequest
from penstock.api.state.v1.task_run_service_pb2_grpc import TaskRunServiceStub
from penstock.api.state.v1.transition_pb2 import FlowRunTransition
from penstock.api.state.v1.transition_service_pb2 import ListFlowRunTransitionsRequest
from penstock.api.state.v1.transition_service_pb2_grpc import TransitionServiceStub
from penstock.api.type.v1.launch_spec_pb2 import LaunchSpec, PythonProgram
from penstock.api.type.v1.payload_pb2 import Payload
from penstock.api.type.v1.retry_policy_pb2 import RetryPolicy
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.api.type.v1.run_spec_pb2 import RunSpec

NAMESPACE = "default"
POOL = "local-pool"
FLOWS = Path(__file__).with_name("flows.py")
FINAL = ("COMPLETED", "FAILED", "CANCELLED", "CRASHED")


class Caller:
    """`addresses` by service; all may be the same one."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._opened = ExitStack()
        options = [("grpc.enable_http_proxy", 0), ("grpc.max_reconnect_backoff_ms", 200)]
        channels = {
            service: self._opened.enter_context(grpc.insecure_channel(address, options))
            for service, address in addresses.items()
        }
        self._runs: Any = FlowRunServiceStub(channels["state"])
        self._transitions: Any = TransitionServiceStub(channels["state"])
        self._tasks: Any = TaskRunServiceStub(channels["state"])
        self._logs: Any = LogServiceStub(channels["state"])
        self._deployments: Any = DeploymentServiceStub(channels["scheduler"])
        self._pools: Any = WorkPoolServiceStub(channels["scheduler"])
        self._workers: Any = WorkerServiceStub(channels["scheduler"])
        self._executions: Any = ExecutionServiceStub(channels["executor"])

    def close(self) -> None:
        self._opened.close()

    def make_pool(self) -> None:
        request = CreateWorkPoolRequest(
            request_id=_id(), namespace=NAMESPACE, name=POOL, pool_type="process"
        )
        _ask(self._pools.CreateWorkPool, request)

    def live_workers(self) -> Mapping[str, int]:
        """Return how many workers of each pool are alive."""
        reply = _ask(self._pools.ListWorkPools, ListWorkPoolsRequest(namespace=NAMESPACE))
        return {pool.name: pool.live_workers for pool in reply.work_pools}

    def deploy(self, function: str, *, file: Path = FLOWS, max_retries: int = 0) -> str:
        """Deploy a flow of a file, in whose folder it works; return the name to run it by."""
        spec = RunSpec(
            flow_name=function,
            launch=LaunchSpec(
                python=PythonProgram(
                    interpreter=sys.executable,
                    working_dir=str(file.parent),
                    entrypoint=f"{file}:{function}",
                )
            ),
            work_pool=POOL,
            retry_policy=RetryPolicy(max_retries=max_retries),
        )
        name = f"{function}/test"
        request = ApplyDeploymentRequest(
            request_id=_id(), namespace=NAMESPACE, name="test", spec=spec
        )
        _ask(self._deployments.ApplyDeployment, request)
        return name

    def run(self, deployment: str, **parameters: object) -> str:
        """Ask for a run and return its id."""
        request = RunDeploymentRequest(
            request_id=_id(),
            namespace=NAMESPACE,
            deployment=DeploymentRef(name=deployment),
            parameters={
                name: Payload(
                    content_type="application/json", inline=json.dumps(value).encode()
                )
                for name, value in parameters.items()
            },
        )
        return str(_ask(self._deployments.RunDeployment, request).flow_run_id)

    def cancel(self, flow_run_id: str) -> None:
        request = CancelFlowRunRequest(
            request_id=_id(), namespace=NAMESPACE, flow_run_id=flow_run_id
        )
        _ask(self._runs.CancelFlowRun, request)

    def decree(self, flow_run_id: str, state_type: StateType.ValueType) -> None:
        """Put the run into this state, whoever owns it."""
        request = SetFlowRunStateRequest(
            request_id=_id(),
            namespace=NAMESPACE,
            flow_run_id=flow_run_id,
            to_state=State(state_type=state_type),
        )
        _ask(self._runs.SetFlowRunState, request)

    def flow_run(self, flow_run_id: str) -> FlowRun:
        request = GetFlowRunRequest(namespace=NAMESPACE, flow_run_id=flow_run_id)
        return _ask(self._runs.GetFlowRun, request).flow_run  # type: ignore[no-any-return]

    def flow_runs(self) -> Sequence[FlowRun]:
        request = ListFlowRunsRequest(namespace=NAMESPACE, page_size=200)
        return _ask(self._runs.ListFlowRuns, request).flow_runs  # type: ignore[no-any-return]

    def transitions(self, flow_run_id: str) -> Sequence[FlowRunTransition]:
        request = ListFlowRunTransitionsRequest(
            namespace=NAMESPACE, flow_run_id=flow_run_id, page_size=200
        )
        reply = _ask(self._transitions.ListFlowRunTransitions, request)
        return reply.transitions  # type: ignore[no-any-return]

    def task_runs(self, flow_run_id: str) -> Mapping[str, TaskRun]:
        """Return the task runs of a run by their task's name; the last one of each."""
        request = ListTaskRunsRequest(
            namespace=NAMESPACE, flow_run_id=flow_run_id, page_size=200
        )
        reply = _ask(self._tasks.ListTaskRuns, request)
        return {each.task_name: each for each in reply.task_runs}

    def logged(self, flow_run_id: str) -> ListLogsResponse:
        """Return the first thousand lines."""
        request = ListLogsRequest(
            namespace=NAMESPACE, run=RunRef(flow_run_id=flow_run_id), page_size=1000
        )
        return _ask(self._logs.ListLogs, request)  # type: ignore[no-any-return]

    def watched_log(self, flow_run_id: str) -> list[str]:
        """Return what a watch tells until it says that the log is complete."""
        request = WatchLogsRequest(namespace=NAMESPACE, run=RunRef(flow_run_id=flow_run_id))
        batches = list(self._logs.WatchLogs(request, timeout=HANG_LIMIT))
        assert batches[-1].complete
        return [line.message for batch in batches for line in batch.lines]

    def log(self, flow_run_id: str) -> str:
        return "\n".join(line.message for line in self.logged(flow_run_id).lines)

    def story(self, flow_run_id: str) -> str:
        """Return how the run got where it is, for people who read a failure."""
        states = [
            f"{StateType.Name(each.state.state_type)} {each.state.name} {each.state.message}"
            for each in self.transitions(flow_run_id)
        ]
        return "\n".join(["", *states, self.log(flow_run_id)])

    def executions(self) -> Sequence[Execution]:
        request = ListExecutionsRequest(namespace=NAMESPACE, active_only=True)
        reply = _ask(self._executions.ListExecutions, request)
        return reply.executions  # type: ignore[no-any-return]

    def workers(self) -> Sequence[Worker]:
        """Return the workers that are alive."""
        only = WorkerFilter(work_pools=[POOL], alive_only=True)
        request = ListWorkersRequest(namespace=NAMESPACE, filter=only)
        return _ask(self._workers.ListWorkers, request).workers  # type: ignore[no-any-return]

    def log_is_complete(self, flow_run_id: str) -> bool:
        request = ListLogsRequest(namespace=NAMESPACE, run=RunRef(flow_run_id=flow_run_id))
        return bool(_ask(self._logs.ListLogs, request).complete)

    def ended(self, flow_run_id: str) -> FlowRun:
        """Wait for the run's end and return it as it ended."""
        return self.until(flow_run_id, *FINAL)

    def until(self, flow_run_id: str, *types: str) -> FlowRun:
        """Wait until the run is in one of these states, such as RUNNING, or fail."""
        request = GetFlowRunRequest(namespace=NAMESPACE, flow_run_id=flow_run_id)
        found = _ask(self._runs.GetFlowRun, request)
        run = found.flow_run
        if state_of(run) in types:
            return run  # type: ignore[no-any-return]
        watch = WatchFlowRunsRequest(
            namespace=NAMESPACE,
            filter=FlowRunFilter(flow_run_ids=[flow_run_id]),
            cursor=found.watch_cursor,
        )
        try:
            for batch in self._runs.WatchFlowRuns(watch, timeout=HANG_LIMIT):
                for run in batch.changes:
                    if state_of(run) in types:
                        return run  # type: ignore[no-any-return]
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.DEADLINE_EXCEEDED:
                raise
        raise AssertionError(
            f"the run is {state_of(run)} after {HANG_LIMIT} s, not {' or '.join(types)}"
            f"{self.story(flow_run_id)}"
        )


def state_of(run: FlowRun | TaskRun) -> str:
    """Return `RUNNING` and the like."""
    return StateType.Name(run.state.state_type).removeprefix("STATE_TYPE_")


def time_of(run: FlowRun) -> float:
    """Return when the run came into its state, in seconds since 1970, as the store says."""
    return run.state.time.ToNanoseconds() / 1e9


def _ask(method: Callable[..., Any], request: Message) -> Any:
    return method(request, timeout=HANG_LIMIT, wait_for_ready=True)


def _id() -> str:
    return str(uuid4())
