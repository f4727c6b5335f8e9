"""What the scheduler's tests arrange with."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from penstock.api.type.v1 import launch_spec_pb2, payload_pb2, run_spec_pb2
from penstock.errors import (
    FlowRunNotFound,
    RevisionConflict,
    Unavailable,
    WorkerSessionNotFound,
)
from penstockd.chassis.ids import uuid7
from penstockd.chassis.payload import JSON, Payload
from penstockd.chassis.wire.payloads import payload_to_proto
from penstockd.scheduler.peers import (
    CreatedRun,
    NewRun,
    RunNews,
    RunPage,
    RunsOf,
    SessionNews,
    WaitingRun,
)
from penstockd.scheduler.rules.deployment import Deployment
from penstockd.scheduler.rules.run_spec import RunSpec
from penstockd.scheduler.rules.work import Claimed, Demand, Work
from penstockd.scheduler.rules.work_pool import WorkPool, new_pool
from penstockd.scheduler.rules.worker import (
    SessionTerms,
    Worker,
    WorkerManifest,
    handler_key,
)
from penstockd.scheduler.run_spec_wire import program_of, run_spec_of
from penstockd.scheduler.store import Intent
from penstockd.scheduler.usecases.waiters import Wanted

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LAUNCH = launch_spec_pb2.LaunchSpec(
    python=launch_spec_pb2.PythonProgram(
        entrypoint="flows/spring.py:spring", working_dir="/flows", sys_path=["/flows"]
    )
)
_numbers = count(1)


def an_id() -> UUID:
    return uuid7(NOON, next(_numbers))


def an_intent(method: str = "Acquire", **changes: Any) -> Intent:
    intent = Intent(namespace="home", method=method, request_id=an_id(), request_hash=b"hash")
    return replace(intent, **changes)


def a_spec_message(**changes: Any) -> run_spec_pb2.RunSpec:
    usual: dict[str, Any] = {"flow_name": "spring", "launch": LAUNCH, "work_pool": "local"}
    return run_spec_pb2.RunSpec(**usual | changes)


def a_spec(**changes: Any) -> RunSpec:
    return run_spec_of(a_spec_message(**changes))


def a_deployment(**changes: Any) -> Deployment:
    deployment = Deployment(
        namespace="home",
        id=an_id(),
        name="daily",
        version=1,
        spec=a_spec(),
        create_time=NOON,
        update_time=NOON,
    )
    return replace(deployment, **changes)


def a_pool(name: str = "local", **changes: Any) -> WorkPool:
    pool = new_pool("home", name, "process", id_=an_id(), at=NOON, description="")
    return replace(pool, **changes)


def a_manifest(**changes: Any) -> WorkerManifest:
    manifest = WorkerManifest(
        name="host:7", work_pool="local", slots=4, programs=("python", "command")
    )
    return replace(manifest, **changes)


def a_worker(**changes: Any) -> Worker:
    worker = Worker(
        namespace="home",
        id=an_id(),
        manifest=a_manifest(),
        alive=True,
        create_time=NOON,
    )
    return replace(worker, **changes)


def json_value(text: str, **changes: Any) -> Payload:
    return Payload(content_type=JSON, data=text.encode(), **changes)


def json_payload(text: str) -> payload_pb2.Payload:
    return payload_to_proto(json_value(text))


def a_work(run: NewRun, flow_run_id: UUID) -> Work:
    return Work(
        flow_run_id=flow_run_id,
        flow_run_name=run.name,
        deployment_id=run.deployment_id,
        deployment_version=run.deployment_version,
        traceparent=run.traceparent,
        lease=b"",
        spec=run.spec.content,
    )


def program_in(spec: RunSpec) -> str:
    return program_of(run_spec_pb2.RunSpec.FromString(spec.content).launch)


@dataclass(slots=True, kw_only=True)
class Runs:
    """A small state service in memory: runs wait in queues, and every claim is counted."""

    waiting: list[tuple[UUID, NewRun]] = field(default_factory=list)
    made: dict[str, CreatedRun] = field(default_factory=dict)
    claims: list[Demand] = field(default_factory=list)
    answers: dict[UUID, Claimed] = field(default_factory=dict)
    next_due: timedelta | None = None
    loses_answers: bool = False
    ended: set[UUID] = field(default_factory=set)
    cancels: list[UUID] = field(default_factory=list)
    vanishing: set[UUID] = field(default_factory=set)
    conflicts: int = 0
    listed: int = 0
    run_news: "asyncio.Queue[RunNews | Exception]" = field(default_factory=asyncio.Queue)
    session_news: "asyncio.Queue[SessionNews | Exception]" = field(
        default_factory=asyncio.Queue
    )
    cursors: list[str] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)

    async def open_session(
        self, namespace: str, session_id: UUID, held: Sequence[bytes]
    ) -> SessionTerms:
        return SessionTerms(
            alive=session_id not in self.ended,
            ttl=timedelta(seconds=15),
            renew_interval=timedelta(seconds=5),
            ack_deadline=timedelta(seconds=5),
        )

    async def create_run(self, run: NewRun, *, request_id: UUID) -> CreatedRun:
        if run.idempotency_key not in self.made:
            waiting = WaitingRun(
                id=an_id(),
                revision=1,
                work_pool=run.spec.work_pool,
                work_queue=run.spec.work_queue,
                program=program_in(run.spec),
            )
            made = CreatedRun(
                id=waiting.id,
                name=run.name or "calm-lake",
                deployment_version=run.deployment_version,
                is_new=True,
                watch_cursor="0.1",
                waiting=waiting,
            )
            self.made[run.idempotency_key] = replace(made, is_new=False)
            self.waiting.append((made.id, run))
            return made
        return self.made[run.idempotency_key]

    async def claim(self, demand: Demand, *, request_id: UUID) -> Claimed:
        self.claims.append(demand)
        if demand.session_id in self.ended:
            raise WorkerSessionNotFound("it has ended")
        if request_id in self.answers:
            return self.answers[request_id]
        able = {*demand.programs, *map(handler_key, demand.handlers)}
        found = [
            (flow_run_id, run)
            for queue in demand.work_queues
            for flow_run_id, run in self.waiting
            if (run.spec.work_pool, run.spec.work_queue) == (demand.work_pool, queue)
            and program_in(run.spec) in able
        ][: demand.limit]
        self.waiting = [each for each in self.waiting if each not in found]
        works = [a_work(run, flow_run_id) for flow_run_id, run in found]
        claimed = Claimed(works=works, next_due=self.next_due)
        if works:
            self.answers[request_id] = claimed
        if self.loses_answers:
            raise Unavailable("the answer got lost")
        return claimed

    async def count_unended(self, namespace: str, of: RunsOf) -> int:
        return len(self._of(of))

    async def unended(self, namespace: str, of: RunsOf, *, token: str) -> RunPage:
        """Two runs a page, by id."""
        self.listed += 1
        found = [run_id for run_id in self._of(of) if str(run_id) > token]
        return RunPage(run_ids=found[:2], next_token=str(found[1]) if len(found) > 2 else "")

    async def cancel_run(self, namespace: str, run_id: UUID, *, request_id: UUID) -> None:
        self.cancels.append(run_id)
        if self.conflicts:
            self.conflicts -= 1
            raise RevisionConflict("somebody else moved it")
        waiting = [each for each in self.waiting if each[0] != run_id]
        if len(waiting) == len(self.waiting) or run_id in self.vanishing:
            raise FlowRunNotFound("it was deleted")
        self.waiting = waiting

    def _of(self, of: RunsOf) -> list[UUID]:
        return [
            run_id
            for run_id, run in self.waiting
            if of.deployment_id in (None, run.deployment_id)
            and of.work_pool in ("", run.spec.work_pool)
            and of.work_queue in ("", run.spec.work_queue)
        ]

    async def watch_runs(self, namespace: str, cursor: str) -> AsyncGenerator[RunNews, None]:
        self.cursors.append(cursor)
        self.followed.append(namespace)
        while True:
            news = await self.run_news.get()
            if isinstance(news, Exception):
                raise news
            yield news

    async def watch_sessions(
        self, namespace: str, cursor: str
    ) -> AsyncGenerator[SessionNews, None]:
        self.cursors.append(cursor)
        while True:
            news = await self.session_news.get()
            if isinstance(news, Exception):
                raise news
            yield news


def a_waiting_run(**changes: Any) -> WaitingRun:
    run = WaitingRun(
        id=an_id(), revision=1, work_pool="local", work_queue="default", program="python"
    )
    return replace(run, **changes)


def wanted(
    *work_queues: str,
    namespace: str = "home",
    work_pool: str = "local",
    program: str = "python",
) -> Wanted:
    return Wanted(
        namespace=namespace,
        work_pool=work_pool,
        work_queues=work_queues,
        programs=frozenset({program}),
    )


def ids_of(works: Sequence[Work]) -> bytes:
    """Renders works, for tests that look at which runs were handed out."""
    return " ".join(str(work.flow_run_id) for work in works).encode()


async def until(holds: Callable[[], bool]) -> None:
    """Let the other tasks run until something holds."""
    while not holds():  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(0)
