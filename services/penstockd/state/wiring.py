"""The state service put together. It calls no other service, so it is given no channels."""

from dataclasses import dataclass
from datetime import timedelta

from penstockd.chassis.clock import Clock
from penstockd.chassis.ids import id_source
from penstockd.chassis.loops import Loop
from penstockd.chassis.mounted import Mounted
from penstockd.chassis.quotas import Measuring, Quota
from penstockd.database import Database
from penstockd.database.readiness import answers
from penstockd.database.request_log import RETENTION
from penstockd.state.loops.deletion import DeletionLoop
from penstockd.state.loops.expiring import Expiring
from penstockd.state.loops.retaining import Retaining
from penstockd.state.rules.terms import Terms
from penstockd.state.servicers.flow import FlowServicer
from penstockd.state.servicers.flow_run import FlowRunServicer
from penstockd.state.servicers.flow_run_graph import FlowRunGraphServicer
from penstockd.state.servicers.journal import JournalServicer
from penstockd.state.servicers.lease import LeaseServicer
from penstockd.state.servicers.log import LogServicer
from penstockd.state.servicers.task_run import TaskRunServicer
from penstockd.state.servicers.transition import TransitionServicer
from penstockd.state.servicers.worker_session import WorkerSessionServicer
from penstockd.state.store.sql_store import SqlStore
from penstockd.state.usecases.deletion import Deletions
from penstockd.state.usecases.expiry import Expiry, Liveness
from penstockd.state.usecases.flow import Flows
from penstockd.state.usecases.flow_run import FlowRuns
from penstockd.state.usecases.flow_run_graph import FlowRunGraphs
from penstockd.state.usecases.intervention import Interventions
from penstockd.state.usecases.journal import Journals
from penstockd.state.usecases.lease import Leases
from penstockd.state.usecases.log import Logs
from penstockd.state.usecases.notices import Notices
from penstockd.state.usecases.renewal import Renewals
from penstockd.state.usecases.sources import Sources
from penstockd.state.usecases.task_run import TaskRuns
from penstockd.state.usecases.transition import Transitions
from penstockd.state.usecases.usage import Usage
from penstockd.state.usecases.worker_session import WorkerSessions

GIB = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """`ttl` down to one second is for tests. `retention` is how long a watch can be resumed.

    What begins with `quota` is how much each namespace may have.
    """

    ttl: timedelta = timedelta(seconds=15)
    renew_interval: timedelta = timedelta(seconds=5)
    ack_deadline: timedelta = timedelta(seconds=5)
    cancel_grace: timedelta = timedelta(seconds=30)
    watch_progress: timedelta = timedelta(seconds=15)
    retention: timedelta = timedelta(days=7)
    quota_runs: int = 10_000_000
    quota_journal_bytes: int = 100 * GIB
    quota_log_bytes: int = 100 * GIB

    @property
    def terms(self) -> Terms:
        return Terms(
            ttl=self.ttl,
            renew_interval=min(self.renew_interval, self.ttl / 3),
            ack_deadline=self.ack_deadline,
            cancel_grace=self.cancel_grace,
        )


def build(config: Config, database: Database, *, clock: Clock, liveness: Liveness) -> Mounted:
    terms, notices = config.terms, Notices()
    store = SqlStore(database, progress=config.watch_progress)
    sources = Sources(clock=clock, new_id=id_source(clock))
    expiry = Expiry(store, notices, liveness)
    expiring = Expiring(expiry, ttl=terms.ttl)
    deletions = Deletions(store, sources, notices, terms)
    retaining = Retaining(expiry, requests=RETENTION, changes=config.retention)
    usage = Usage(store)
    runs = Quota("quota_runs", config.quota_runs, usage.runs)
    entries = Quota("quota_journal_bytes", config.quota_journal_bytes, usage.journal_bytes)
    lines = Quota("quota_log_bytes", config.quota_log_bytes, usage.log_bytes)
    return Mounted(
        servicers=[
            FlowServicer(Flows(store, sources)),
            FlowRunServicer(
                FlowRuns(store, sources, terms, runs),
                Interventions(store, sources, notices, terms),
                deletions,
                terms,
            ),
            TransitionServicer(Transitions(store, sources, terms)),
            TaskRunServicer(TaskRuns(store)),
            FlowRunGraphServicer(FlowRunGraphs(store)),
            JournalServicer(Journals(store, sources, entries)),
            LeaseServicer(
                Leases(store, sources, terms), Renewals(store, sources, notices, terms), terms
            ),
            WorkerSessionServicer(WorkerSessions(store, sources, notices, terms), terms),
            LogServicer(Logs(store, sources, lines)),
        ],
        loops=[
            Loop("state.expiry", expiring.tick),
            Loop("state.deletion", DeletionLoop(deletions).tick),
            Loop("state.retention", retaining.tick),
            Loop("state.quotas", Measuring([runs, entries, lines]).tick),
        ],
        readiness=answers(database),
    )
