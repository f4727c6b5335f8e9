"""What a deployment is, and when it gets a new version."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from penstockd.scheduler.rules.launch import LaunchSpec
from penstockd.scheduler.rules.parameters import Parameters, Refused

MOST_TAGS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentSpec:
    """One version of what a deployment says of running. JSON is kept as its one text."""

    launch: LaunchSpec
    work_pool: str
    work_queue: str
    flow_version: str = ""
    parameters: str = "{}"
    parameter_schema: str = "{}"
    tags: tuple[str, ...] = ()
    description: str = ""
    max_retries: int = 0
    retry_delays: tuple[timedelta, ...] = ()

    @property
    def defaults(self) -> Parameters:
        return _object(self.parameters)

    @property
    def schema(self) -> Parameters:
        return _object(self.parameter_schema)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    namespace: str
    id: UUID
    flow_name: str
    name: str
    version: int
    spec: DeploymentSpec
    create_time: datetime
    update_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentRef:
    """By id, or by flow and name."""

    id: UUID | None = None
    flow_name: str = ""
    name: str = ""

    def __str__(self) -> str:
        return str(self.id) if self.id else f"{self.flow_name}/{self.name}"


def with_spec(deployment: Deployment, spec: DeploymentSpec, *, at: datetime) -> Deployment:
    """Return the next version, or the deployment itself if the spec says nothing new."""
    if deployment.spec == spec:
        return deployment
    return replace(deployment, version=deployment.version + 1, spec=spec, update_time=at)


def judge_delays(spec: DeploymentSpec) -> Refused | None:
    if any(delay < timedelta(0) for delay in spec.retry_delays):
        return Refused(
            field="spec.retry_delays", message="a retry cannot come before its failure"
        )
    return None


def joined_tags(of_deployment: tuple[str, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*of_deployment, *given)))


def _object(text: str) -> Parameters:
    value: Parameters = json.loads(text)
    return value
