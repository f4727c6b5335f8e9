"""What the scheduler's tests arrange with."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from penstock.errors import Unavailable, WorkerSessionNotFound
from penstockd.chassis.ids import uuid7
from penstockd.chassis.payload import Payload
from penstockd.scheduler.peers import (
    CreatedRun,
    NewRun,
    RunNews,
    SessionNews,
    WaitingRun,
)
from penstockd.scheduler.rules.deployment import Deployment, DeploymentSpec
from penstockd.scheduler.rules.launch import LaunchSpec
from penstockd.scheduler.rules.work import Claimed, Demand, Work
from penstockd.scheduler.rules.work_pool import WorkPool, new_pool
from penstockd.scheduler.rules.worker import SessionTerms, Worker, WorkerManifest
from penstockd.scheduler.store import Intent

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LAUNCH = LaunchSpec(entrypoint="flows/spring.py:spring", sys_path=("/flows",))
_numbers = count(1)


def an_id() -> UUID:
    return uuid7(NOON, next(_numbers))


def an_intent(method: str = "Acquire", **changes: Any) -> Intent:
    intent = Intent(namespace="home", method=method, request_id=an_id(), request_hash=b"hash")
    return replace(intent, **changes)


def a_spec(**changes: Any) -> DeploymentSpec:
    return replace(
        DeploymentSpec(launch=LAUNCH, work_pool="local", work_queue="default"), **changes
    )


def a_deployment(**changes: Any) -> Deployment:
    deployment = Deployment(
        namespace="home",
        id=an_id(),
        flow_name="spring",
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


def a_worker(**changes: Any) -> Worker:
    worker = Worker(
        namespace="home",
        id=an_id(),
        manifest=WorkerManifest(name="host:7", work_pool="local", slots=4),
        alive=True,
        create_time=NOON,
    )
    return replace(worker, **changes)


def json_payload(text: str) -> Payload:
    return Payload(content_type="application/json", data=text.encode())


def a_work(run: NewRun, flow_run_id: UUID) -> Work:
    return Work(
        lease_id=an_id(),
        fence=1,
        flow_run_id=flow_run_id,
        flow_run_name=run.name,
        flow_name=run.flow_name,
        deployment_id=run.deployment_id,
        deployment_version=run.deployment_version,
        launch=run.launch,
        parameters=json_payload(run.parameters),
        attempt=1,
        reason="run",
        checkpoint=None,
        traceparent=run.traceparent,
        deadline=None,
        timeout=None,
    )


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
    run_news: "asyncio.Queue[RunNews | Exception]" = field(default_factory=asyncio.Queue)
    session_news: "asyncio.Queue[SessionNews | Exception]" = field(
        default_factory=asyncio.Queue
    )
    cursors: list[str] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)

    async def open_session(self, namespace: str, session_id: UUID) -> SessionTerms:
        return SessionTerms(
            alive=session_id not in self.ended,
            ttl=timedelta(seconds=15),
            renew_interval=timedelta(seconds=5),
            ack_deadline=timedelta(seconds=5),
        )

    async def create_run(self, run: NewRun, *, request_id: UUID) -> CreatedRun:
        if run.idempotency_key not in self.made:
            waiting = WaitingRun(
                id=an_id(), revision=1, work_pool=run.work_pool, work_queue=run.work_queue
            )
            made = CreatedRun(
                id=waiting.id,
                name=run.name or "calm-lake",
                deployment_version=run.deployment_version,
                waiting=waiting,
            )
            self.made[run.idempotency_key] = made
            self.waiting.append((made.id, run))
        return self.made[run.idempotency_key]

    async def claim(self, demand: Demand, *, request_id: UUID) -> Claimed:
        self.claims.append(demand)
        if demand.session_id in self.ended:
            raise WorkerSessionNotFound("it has ended")
        if request_id in self.answers:
            return self.answers[request_id]
        found = [
            (flow_run_id, run)
            for queue in demand.work_queues
            for flow_run_id, run in self.waiting
            if (run.work_pool, run.work_queue) == (demand.work_pool, queue)
        ][: demand.limit]
        self.waiting = [each for each in self.waiting if each not in found]
        works = [a_work(run, flow_run_id) for flow_run_id, run in found]
        claimed = Claimed(works=works, next_due=self.next_due)
        if works:
            self.answers[request_id] = claimed
        if self.loses_answers:
            raise Unavailable("the answer got lost")
        return claimed

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
    run = WaitingRun(id=an_id(), revision=1, work_pool="local", work_queue="default")
    return replace(run, **changes)


def ids_of(works: Sequence[Work]) -> bytes:
    """Renders works, for tests that look at which runs were handed out."""
    return " ".join(str(work.flow_run_id) for work in works).encode()


async def until(holds: Callable[[], bool]) -> None:
    """Let the other tasks run until something holds."""
    while not holds():  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(0)
