"""A run that was handed out, with all that is needed to start it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRef:
    """What is shown with everything that is written for the run."""

    lease_id: UUID
    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How the code of a flow is found; an empty interpreter means the executor's own."""

    interpreter: str
    working_dir: str
    sys_path: tuple[str, ...]
    entrypoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """A value of the user's, as bytes or by their digest."""

    content_type: str
    inline: bytes | None = None
    sha256: bytes = b""
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    lease: LeaseRef
    namespace: str
    flow_run_id: UUID
    flow_run_name: str
    flow_name: str
    deployment_id: str
    deployment_version: int
    launch: Launch
    parameters: Payload | None
    attempt: int
    traceparent: str
