"""The scheduler put together: it asks the state service for runs, leases and sessions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from penstockd.chassis.ids import id_source
from penstockd.chassis.loops import Loop
from penstockd.chassis.mounted import Channels, Mounted
from penstockd.database import Database
from penstockd.database.readiness import answers
from penstockd.scheduler.loops.following import TICK_LIMIT, Following, RunFeed, SessionFeed
from penstockd.scheduler.loops.retaining import Retaining
from penstockd.scheduler.peers.state_wire import WireState
from penstockd.scheduler.servicers.deployment import DeploymentServicer
from penstockd.scheduler.servicers.work import WorkServicer
from penstockd.scheduler.servicers.work_pool import WorkPoolServicer
from penstockd.scheduler.servicers.worker import WorkerServicer
from penstockd.scheduler.store.sql_store import SqlStore
from penstockd.scheduler.usecases.deployment import Deployments
from penstockd.scheduler.usecases.deployment_deletion import DeploymentDeletions
from penstockd.scheduler.usecases.deployment_run import DeploymentRuns
from penstockd.scheduler.usecases.namespaces import Namespaces
from penstockd.scheduler.usecases.waiters import Waiters
from penstockd.scheduler.usecases.work import Works
from penstockd.scheduler.usecases.work_pool import WorkPools
from penstockd.scheduler.usecases.work_pool_deletion import WorkPoolDeletions
from penstockd.scheduler.usecases.worker import Workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """`look_again`: how long a hint that got lost with another process may delay a run."""

    look_again: timedelta = timedelta(seconds=1)


def build(
    config: Config,
    database: Database,
    *,
    channels: Channels,
    clock: Callable[[], datetime],
) -> Mounted:
    store = SqlStore(database, clock=clock)
    state = WireState(channels["state"])
    new_id = id_source(clock)
    namespaces = Namespaces()
    waiters = Waiters(namespaces, look_again=config.look_again)
    workers = Workers(store, state, namespaces, clock=clock)
    runs = Following(namespaces, RunFeed(state, waiters).follow, recall=workers.namespaces)
    sessions = Following(
        namespaces, SessionFeed(state, workers).follow, recall=workers.namespaces
    )
    return Mounted(
        servicers=[
            DeploymentServicer(
                Deployments(store, clock, new_id=new_id),
                DeploymentRuns(store, state, waiters),
                DeploymentDeletions(store, state),
            ),
            WorkPoolServicer(
                WorkPools(store, clock, new_id=new_id), WorkPoolDeletions(store, state)
            ),
            WorkServicer(Works(store, state, waiters), workers),
            WorkerServicer(workers),
        ],
        loops=[
            Loop("scheduler.follow_runs", runs.tick, limit=TICK_LIMIT),
            Loop("scheduler.follow_sessions", sessions.tick, limit=TICK_LIMIT),
            Loop("scheduler.retention", Retaining(store).tick),
        ],
        readiness=answers(database),
    )
