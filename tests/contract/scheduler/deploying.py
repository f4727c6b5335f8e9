"""Deployments that tests of several files arrange."""

import json
from typing import Any

from google.protobuf.duration_pb2 import Duration

from contract.scheduler.requests import HOME, a_pickle, a_pool, an_apply, json_payload
from contract.scheduler.site import Site
from penstock.api.scheduler.v1 import deployment_pb2
from penstock.api.scheduler.v1 import deployment_service_pb2 as pb
from penstock.api.state.v1 import flow_run_pb2, flow_run_service_pb2
from penstock.api.type.v1 import payload_pb2, resources_pb2, retry_policy_pb2, run_spec_pb2
from unit.scheduler.builders import LAUNCH, a_spec_message

SCHEMA = {
    "type": "object",
    "properties": {"height": {"type": "integer"}, "name": {"type": "string"}, "fish": {}},
    "required": ["height"],
}


def a_schema(**changes: Any) -> payload_pb2.Payload:
    return json_payload(json.dumps(SCHEMA | changes))


def a_full_spec(**changes: Any) -> run_spec_pb2.RunSpec:
    """A spec in which everything stands that is supported."""
    launch = type(LAUNCH)()
    launch.CopyFrom(LAUNCH)
    launch.source_digest = b"s" * 32
    launch.environment["LANG"] = "C"
    policy = retry_policy_pb2.RetryPolicy(
        max_retries=2, retry_delays=[Duration(seconds=3)], jitter_factor=0.5, retry_on=["Oops"]
    )
    fields: dict[str, Any] = {
        "launch": launch,
        "flow_version": "1.2",
        "work_queue": "default",
        "tags": ["red"],
        "labels": {"team": "water", "tier": "1"},
        "parameters": {"height": json_payload("1"), "fish": a_pickle()},
        "retry_policy": policy,
        "resources": resources_pb2.Resources(slots=1),
    }
    return a_spec_message(**fields | changes)


async def a_deployment(site: Site, **changes: Any) -> deployment_pb2.Deployment:
    """A deployment in a new pool."""
    await site.pools.CreateWorkPool(a_pool())
    return (await site.deployments.ApplyDeployment(an_apply(**changes))).deployment


async def get(site: Site, ref: deployment_pb2.DeploymentRef) -> deployment_pb2.Deployment:
    request = pb.GetDeploymentRequest(namespace=HOME, deployment=ref)
    return (await site.deployments.GetDeployment(request)).deployment


async def the_run(site: Site, flow_run_id: str) -> flow_run_pb2.FlowRun:
    request = flow_run_service_pb2.GetFlowRunRequest(namespace=HOME, flow_run_id=flow_run_id)
    return (await site.runs.GetFlowRun(request)).flow_run
