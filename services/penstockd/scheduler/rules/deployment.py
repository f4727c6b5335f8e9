"""What a deployment is, when it gets a new version, and which ones somebody asks for."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from penstockd.chassis.payload import Payload
from penstockd.scheduler.rules.refused import Refused
from penstockd.scheduler.rules.run_spec import RunSpec

LONGEST_NAME = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """Of the newest version. What may be large is absent where it was not asked for."""

    namespace: str
    id: UUID
    name: str
    version: int
    spec: RunSpec
    parameter_schema: Payload | None = None
    description: str = ""
    revision: int = 1
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentFilter:
    """Keeps the deployments to which all that is set applies; of several values, any."""

    flow_names: tuple[str, ...] = ()
    work_pools: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    name_contains: str = ""


def changed_to(known: Deployment, wanted: Deployment) -> Deployment:
    """Return the next revision, or the deployment itself if nothing is wanted that is new.

    Words by which people find and understand it, tags and description, make no new version.
    """
    changed = replace(
        known,
        spec=wanted.spec,
        parameter_schema=wanted.parameter_schema,
        description=wanted.description,
    )
    if changed == known:
        return known
    return replace(
        changed,
        version=known.version + (_of_running(changed) != _of_running(known)),
        revision=known.revision + 1,
        update_time=wanted.update_time,
    )


def judge_names(flow_name: str, name: str) -> Refused | None:
    """A deployment is named "flow/name", also where no contract is checked before."""
    for field, text in (("spec.flow_name", flow_name), ("name", name)):
        if not 0 < len(text) <= LONGEST_NAME or "/" in text or not _is_plain(text):
            message = (
                f"{field} must have 1 to {LONGEST_NAME} printable characters, without / "
                f"and without a space at either end, not {text!r}"
            )
            return Refused(field=field, message=message)
    return None


def folded(text: str) -> str:
    """Return text as it compares in any case of letters."""
    return text.casefold()


def _is_plain(text: str) -> bool:
    return text.isprintable() and text == text.strip()


def _of_running(deployment: Deployment) -> tuple[RunSpec, Payload | None]:
    return replace(deployment.spec, tags=()), deployment.parameter_schema
