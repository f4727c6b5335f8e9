"""The executor service put together: it calls the scheduler for work and state for leases."""

import asyncio
import os
import platform
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from penstockd.chassis.clock import Clock
from penstockd.chassis.config import ConfigError
from penstockd.chassis.ids import id_source
from penstockd.chassis.loops import Loop
from penstockd.chassis.mounted import Channels, Mounted, all_of
from penstockd.database import Database
from penstockd.database.readiness import answers
from penstockd.executor.loops.acquiring import Acquiring
from penstockd.executor.loops.completing import Completing
from penstockd.executor.loops.pausing import rest
from penstockd.executor.loops.renewing import Renewing
from penstockd.executor.loops.tidying import Tidying
from penstockd.executor.peers import Leases, Logs, Manifest, Scheduler
from penstockd.executor.peers.scheduler_wire import WireScheduler
from penstockd.executor.peers.state_wire import WireLeases, WireLogs
from penstockd.executor.rules.environment import child_environment
from penstockd.executor.rules.work import Work
from penstockd.executor.runtimes import Runtime
from penstockd.executor.runtimes.process.runtime import PROGRAM, ProcessRuntime
from penstockd.executor.servicers.execution import ExecutionServicer
from penstockd.executor.store.execution import SqlExecutionStore
from penstockd.executor.usecases.crash_recovery import CrashRecovery
from penstockd.executor.usecases.execution import Executions
from penstockd.executor.usecases.fleet import Fleet, Paces
from penstockd.executor.usecases.output import Output, OutputLimits
from penstockd.executor.usecases.recording import ExecutionRecorder
from penstockd.executor.usecases.runtimes import Runtimes
from penstockd.executor.usecases.session import Session
from penstockd.executor.usecases.supervision import Desk, Launcher, Supervision

# A tick holds a long poll, and then room for its answer.
TICK_LIMIT = timedelta(minutes=2)
# One renewal tells of all leases, and holds so many.
MOST_SLOTS = 10_000
LONGEST_NAME = 150
# All of a drain must fit into what a server allows for it, 10 s by default.
TO_TELL = timedelta(seconds=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """`addresses` tells children where each service is, by its name.

    `advertised_address` is where others reach this executor. `pass_environment` has patterns
    of variables that children get beside those that every program needs.
    """

    namespace: str = "default"
    work_pool: str = "local-pool"
    work_queues: tuple[str, ...] = ()
    slots: int = 4
    name: str = ""
    interpreter: str = sys.executable
    program: tuple[str, ...] = PROGRAM
    pass_environment: tuple[str, ...] = ()
    cancel_token: timedelta = timedelta(seconds=5)
    cancel_grace: timedelta = timedelta(seconds=25)
    drain_grace: timedelta = timedelta(seconds=2)
    watch_progress: timedelta = timedelta(seconds=15)
    addresses: Mapping[str, str] = field(default_factory=dict)
    advertised_address: str = ""

    @property
    def called(self) -> str:
        """How people tell this worker from others: its host and process, and its name first."""
        place = f"{platform.node()}:{os.getpid()}"
        return f"{self.name[:LONGEST_NAME]} ({place})" if self.name else place

    def __post_init__(self) -> None:
        if not 1 <= self.slots <= MOST_SLOTS:
            raise ConfigError(
                f"an executor can have 1 to {MOST_SLOTS} slots, not {self.slots}: change "
                "PENSTOCK_EXECUTOR_SLOTS, and start more executors for more runs at once"
            )


def _process_runtime(config: Config) -> Runtime:
    environment = child_environment(os.environ, patterns=config.pass_environment)
    return ProcessRuntime(
        interpreter=config.interpreter, program=config.program, environment=environment
    )


# What starts the runs of a pool, by the pool's type.
RUNTIMES: Mapping[str, Callable[[Config], Runtime]] = {"process": _process_runtime}


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """Whom the executor calls."""

    scheduler: Scheduler
    leases: Leases
    logs: Logs


def build(
    config: Config,
    database: Database,
    *,
    channels: Channels,
    clock: Clock,
) -> Mounted:
    peers = Peers(
        scheduler=WireScheduler(channels["scheduler"], _manifest(config)),
        leases=WireLeases(channels["state"], namespace=config.namespace),
        logs=WireLogs(channels["state"]),
    )
    return put_together(config, database, peers, runtimes=runtimes_of(config), clock=clock)


def runtimes_of(config: Config) -> Mapping[str, Runtime]:
    return {pool_type: make(config) for pool_type, make in RUNTIMES.items()}


def put_together(
    config: Config,
    database: Database,
    peers: Peers,
    *,
    runtimes: Mapping[str, Runtime],
    clock: Clock,
) -> Mounted:
    """Return the service over these peers and runtimes, whatever implements their ports."""
    new_id = id_source(clock)
    store = SqlExecutionStore(database, clock, progress=config.watch_progress)
    recorder = ExecutionRecorder(store, new_id(), clock)
    found = Runtimes(runtimes)
    session = Session(peers.scheduler, peers.leases, found, new_id)
    news = asyncio.Event()
    desk = Desk(
        recorder=recorder,
        logs=peers.logs,
        new_output=partial(Output, clock, OutputLimits()),
        rest=rest,
        news=news.set,
    )

    def supervise(work: Work) -> Supervision:
        launcher = Launcher(runtime=found.chosen, addresses=config.addresses)
        return Supervision(work, launcher, desk)

    fleet = Fleet(supervise, news, slots=config.slots, paces=_paces(config))

    async def registered() -> str:
        return session.lacks

    return Mounted(
        servicers=[ExecutionServicer(Executions(store, recorder, fleet))],
        loops=[
            _loop("executor.acquire", Acquiring(peers.scheduler, session, fleet, new_id)),
            _loop("executor.renew", Renewing(peers.leases, session, fleet)),
            _loop("executor.complete", Completing(peers.leases, fleet)),
            _loop("executor.tidy", Tidying(CrashRecovery(recorder, found), recorder)),
        ],
        readiness=all_of(answers(database), registered),
        drain=partial(_drain, fleet, session, grace=config.drain_grace),
    )


async def _drain(fleet: Fleet, session: Session, *, grace: timedelta) -> None:
    await fleet.drain(grace=grace, within=TO_TELL)
    if session.renew_interval is not None:
        await session.close()


def _loop(name: str, duty: Acquiring | Renewing | Completing | Tidying) -> Loop:
    return Loop(name, duty.tick, limit=TICK_LIMIT)


def _manifest(config: Config) -> Manifest:
    return Manifest(
        namespace=config.namespace,
        name=config.called,
        work_pool=config.work_pool,
        work_queues=config.work_queues,
        slots=config.slots,
        execution_address=config.advertised_address,
    )


def _paces(config: Config) -> Paces:
    return Paces(token=config.cancel_token, grace=config.cancel_grace)
