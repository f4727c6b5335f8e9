"""What tests of every service arrange with: a fixed time, fresh ids, and values."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from penstock.errors import StorageUnavailable
from penstockd.chassis.ids import uuid7
from penstockd.chassis.quotas import Quota
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.ownership import Ownership
from penstockd.state.rules.run_spec import RunSpec
from penstockd.state.rules.state import AttemptCause, S, State, StateType, state
from penstockd.state.rules.task_run import Called, Moved
from penstockd.state.rules.worker_session import SessionKind, WorkerSession

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NAMESPACE = "home"
_numbers = count(1)
_OWNERSHIP = {field.name for field in fields(Ownership)}
_SPEC = {field.name for field in fields(RunSpec)}


class HandClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> datetime:
        self.now += by
        return self.now


class Living:
    """Liveness as a test says it: everybody lives but those who were killed.

    While it is `broken`, nobody can tell.
    """

    def __init__(self) -> None:
        self.dead: set[UUID] = set()
        self.broken = False

    def is_alive(self, session_id: UUID, /) -> bool:
        if self.broken:
            raise StorageUnavailable("the signs of life cannot be read")
        return session_id not in self.dead


def an_id() -> UUID:
    return uuid7(NOON, next(_numbers))


def a_state(type_: StateType = S.SCHEDULED, **changes: Any) -> State:
    due = NOON if type_ is S.SCHEDULED else None
    return state(type_, NOON, scheduled_time=due)._replace(**changes)


def a_flow_run(state_type: StateType = S.SCHEDULED, **changes: Any) -> FlowRun:
    """A run that nobody owns; what its specification and ownership have is named alike."""
    owner = {name: changes.pop(name) for name in _OWNERSHIP & changes.keys()}
    spec = {name: changes.pop(name) for name in _SPEC & changes.keys()}
    run_id = an_id()
    run = FlowRun(
        namespace=NAMESPACE,
        id=run_id,
        name="quiet-river",
        flow_id=an_id(),
        spec=RunSpec(**{"flow_name": "pipeline", **spec}),
        root_flow_run_id=run_id,
        state=a_state(state_type),
        create_time=NOON,
        expected_start_time=NOON,
        ownership=Ownership(**owner),
    )
    return replace(run, **changes)


def a_waiting_run(**changes: Any) -> FlowRun:
    """A run that waits for a worker."""
    pooled = {"work_pool": "river", "work_queue": "default", "program": "python"}
    return a_flow_run(**pooled | changes)


def an_owned_run(state_type: StateType = S.RUNNING, **changes: Any) -> FlowRun:
    """A run in the hands of a session, in its first attempt once it runs."""
    owned: dict[str, Any] = {
        "owned": True,
        "session_id": an_id(),
        "lease_id": an_id(),
        "fence": 1,
    }
    if state_type is not S.PENDING:
        owned |= {"attempt": 1, "next_cause": AttemptCause.INFRASTRUCTURE}
    return a_flow_run(state_type, **owned | changes)


def a_session(**changes: Any) -> WorkerSession:
    session = WorkerSession(
        namespace=NAMESPACE,
        id=an_id(),
        kind=SessionKind.EXECUTOR,
        alive=True,
        revision=1,
        create_time=NOON,
        lease_until=NOON + timedelta(seconds=15),
    )
    return replace(session, **changes)


def a_call(task_run_id: UUID | None = None, state_type: StateType = S.PENDING) -> Called:
    return Called(
        task_run_id=task_run_id or an_id(),
        name="pour-0",
        task_name="pour",
        task_key="pour:pipeline.py",
        source_digest=b"s" * 16,
        input_digest=b"i" * 16,
        occurrence=0,
        parent_task_run_id=None,
        upstream=b"",
        tags=(),
        has_rollback_hook=False,
        inputs=b"",
        state=state(state_type, NOON),
    )


def a_step_to(task_run_id: UUID, state_type: StateType, **changes: Any) -> Moved:
    return Moved(
        task_run_id=task_run_id,
        state=a_state(state_type, name=changes.pop("name", "") or state_type.title()),
        attempt=changes.pop("attempt", 0),
        attempt_cause=None,
        result=changes.pop("result", b""),
        failure=changes.pop("failure", b""),
    )


async def _nothing() -> dict[str, int]:
    return {}


def no_limit() -> Quota:
    """A quota that nobody reaches."""
    return Quota("quota", 1 << 60, _nothing)
