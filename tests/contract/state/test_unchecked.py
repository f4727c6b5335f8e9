"""The embedded engine checks no request before a servicer: nonsense is refused all the same."""

from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration

from builders import NAMESPACE
from contract.state.requests import (
    a_cancel,
    a_claim,
    a_claim_for,
    a_creation,
    a_decree,
    a_deletion,
    a_failure,
    a_move,
    a_renewal,
    a_retry_policy,
    a_run_ref,
    a_session,
    an_append,
    an_ending,
    called,
    fresh,
    some_logs,
)
from contract.state.site import Inside, Site
from penstock.api.state.v1 import (
    flow_pb2,
    flow_run_service_pb2,
    flow_service_pb2,
    journal_pb2,
    lease_service_pb2,
    log_service_pb2,
    task_run_service_pb2,
    worker_session_service_pb2,
)
from penstock.api.state.v1.flow_run_filter_pb2 import FlowRunFilter
from penstock.api.type.v1.lease_pb2 import Lease, LeaseRef
from penstock.api.type.v1.retry_policy_pb2 import RetryPolicy
from penstock.errors import InvalidArgument
from penstock.wire_channels import with_call_defaults
from penstock.wire_errors import named_errors
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import local_channel

pytestmark = pytest.mark.asyncio
NOBODY = LeaseRef(lease_id="mine", fence=1)
HERE: dict[str, Any] = {"namespace": NAMESPACE}


@pytest.fixture
def place() -> str:
    return "local on sqlite"


@pytest.fixture
def site(inside: Inside) -> Site:
    channel = local_channel(inside.mounted, standard_chain())
    return Site(with_call_defaults(channel), inside=inside)


def negative(policy: RetryPolicy) -> RetryPolicy:
    policy.retry_delays.add(seconds=-1)
    return policy


def a_list(**wanted: Any) -> flow_run_service_pb2.ListFlowRunsRequest:
    return flow_run_service_pb2.ListFlowRunsRequest(filter=FlowRunFilter(**wanted), **HERE)


def a_count(groups: list[Any], **more: Any) -> flow_run_service_pb2.CountFlowRunsRequest:
    return flow_run_service_pb2.CountFlowRunsRequest(group_by=groups, **HERE, **more)


def a_wrong_lease() -> Lease:
    return Lease(lease_ref=NOBODY, run=a_run_ref(fresh()))


def nonsense_of_runs(site: Site) -> list[tuple[Any, Any]]:
    ref = LeaseRef(lease_id=fresh(), fence=1)
    return [
        (site.flow_runs.CreateFlowRun, a_creation(flow_name="")),
        (site.flow_runs.CreateFlowRun, a_creation(request_id="mine")),
        (site.flow_runs.CreateFlowRun, a_creation(claim=a_claim_for("mine"))),
        (site.flow_runs.CreateFlowRun, a_creation(claim=a_claim_for(fresh(), "UNSPECIFIED"))),
        (site.flow_runs.GetFlowRun, flow_run_service_pb2.GetFlowRunRequest(**HERE)),
        (site.flow_runs.CreateFlowRun, a_creation(retry_policy=negative(a_retry_policy()))),
        (site.flow_runs.CreateFlowRun, a_creation(retry_policy={"max_retries": -1})),
        (site.flow_runs.CreateFlowRun, a_creation(retry_policy={"jitter_factor": -0.1})),
        (site.flow_runs.ListFlowRuns, a_list(flow_run_ids=["mine"])),
        (site.flow_runs.ListFlowRuns, a_list(state_types=[99])),
        (site.flow_runs.CountFlowRuns, a_count([99])),
        (site.flow_runs.CountFlowRuns, a_count([7], bucket=Duration(seconds=-1))),
        (site.flow_runs.CancelFlowRun, a_cancel("mine")),
        (site.flow_runs.SetFlowRunState, a_decree(fresh(), "UNSPECIFIED")),
        (site.flow_runs.DeleteFlowRun, a_deletion("mine")),
        (site.transitions.TransitionFlowRun, a_move(fresh(), "UNSPECIFIED", lease=ref)),
        (site.transitions.TransitionFlowRun, a_move(fresh(), "RUNNING", lease=NOBODY)),
        (
            site.transitions.TransitionFlowRun,
            a_move(fresh(), "FAILED", lease=ref, failure=a_failure(retry_after=-1)),
        ),
        (
            site.transitions.TransitionFlowRun,
            a_move(fresh(), "FAILED", lease=ref, failure=a_failure(retry_after=4e8)),
        ),
    ]


def nonsense(site: Site) -> list[tuple[Any, Any]]:
    ref = LeaseRef(lease_id=fresh(), fence=1)
    lease = Lease(lease_ref=ref, run=a_run_ref(fresh()))
    far = called(fresh())
    far.time.seconds = 1 << 60
    return [
        (
            site.flows.GetFlow,
            flow_service_pb2.GetFlowRequest(flow=flow_pb2.FlowRef(id="x"), **HERE),
        ),
        (site.task_runs.GetTaskRun, task_run_service_pb2.GetTaskRunRequest(**HERE)),
        (site.task_runs.ListTaskRuns, task_run_service_pb2.ListTaskRunsRequest(**HERE)),
        (site.journal.AppendJournal, an_append(a_wrong_lease(), called(fresh()))),
        (site.journal.AppendJournal, an_append(lease, called("mine"))),
        (site.journal.AppendJournal, an_append(lease, called(fresh(), "UNSPECIFIED"))),
        (
            site.journal.AppendJournal,
            an_append(lease, journal_pb2.JournalEntry()),
        ),
        (site.journal.AppendJournal, an_append(lease, far)),
        (site.leases.Claim, a_claim("mine")),
        (site.leases.Renew, a_renewal(fresh(), (NOBODY, "RUNNING"))),
        (site.leases.Renew, a_renewal(fresh(), (ref, "UNSPECIFIED"))),
        (site.leases.Complete, an_ending(NOBODY)),
        (
            site.leases.Complete,
            lease_service_pb2.CompleteRequest(
                outcomes=[lease_service_pb2.LeaseOutcome(lease=ref)], **HERE
            ),
        ),
        (site.leases.CheckLease, lease_service_pb2.CheckLeaseRequest(**HERE)),
        (site.sessions.OpenWorkerSession, a_session(session_id="mine")),
        (
            site.sessions.CloseWorkerSession,
            worker_session_service_pb2.CloseWorkerSessionRequest(**HERE),
        ),
        (site.logs.AppendLogs, some_logs(a_wrong_lease(), 1)),
        (site.logs.ListLogs, log_service_pb2.ListLogsRequest(**HERE)),
    ]


async def test_nonsense_is_the_callers_mistake(site: Site) -> None:
    for call, request in nonsense_of_runs(site) + nonsense(site):
        with pytest.raises(InvalidArgument) as told, named_errors():
            await call(request)
        assert told.value.violations, request
