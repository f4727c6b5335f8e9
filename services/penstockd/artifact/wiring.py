"""The artifact service put together. It asks the state service who owns a run."""

import platform
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from penstockd.artifact.loops.collecting import Collecting
from penstockd.artifact.loops.retaining import Retaining
from penstockd.artifact.peers.state_wire import WireLeases
from penstockd.artifact.servicers.content import ContentServicer
from penstockd.artifact.servicers.result import ResultServicer
from penstockd.artifact.store.content import SqlContentCatalog
from penstockd.artifact.store.content_folder import FolderContentStore
from penstockd.artifact.store.content_home import SqlContentHomes
from penstockd.artifact.store.result import SqlResultStore
from penstockd.artifact.store.retention import SqlRetention
from penstockd.artifact.usecases.content import Contents
from penstockd.artifact.usecases.content_home import Settling
from penstockd.artifact.usecases.result import Results
from penstockd.chassis.clock import Clock
from penstockd.chassis.config import ConfigError
from penstockd.chassis.ids import id_source
from penstockd.chassis.loops import Loop
from penstockd.chassis.mounted import Channels, Mounted, all_of
from penstockd.chassis.quotas import Measuring, Quota
from penstockd.database import Database
from penstockd.database.blocking import BlockingPool
from penstockd.database.change_feed import Outbox
from penstockd.database.readiness import answers
from penstockd.database.request_log import RETENTION, RequestLog

SERVICE = "artifact"
# Every kept file is looked at.
COLLECTION_LIMIT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Where bytes are kept, and how long stay orphans and, for watchers, changes.

    `replace_content_folder` takes this folder in place of one that is lost;
    `quota_upload_bytes` is how much each namespace may have.
    """

    content_folder: Path
    orphan_age: timedelta = timedelta(hours=24)
    retention: timedelta = timedelta(days=7)
    replace_content_folder: bool = False
    quota_upload_bytes: int = 1 << 40


def build(
    config: Config,
    database: Database,
    *,
    channels: Channels,
    clock: Clock,
    blocking: BlockingPool | None = None,
) -> Mounted:
    """`blocking` runs work on files: on threads of its own, or inline for simulation."""
    files = blocking or BlockingPool()
    store = FolderContentStore(config.content_folder, files, clock)
    catalog = SqlContentCatalog(database)
    outbox, request_log = Outbox(SERVICE), RequestLog(SERVICE)
    results = SqlResultStore(database, outbox, request_log)
    collection = Collecting(store=store, catalog=catalog, age=config.orphan_age)
    memory = SqlRetention(database, outbox, request_log)
    retention = Retaining(memory=memory, requests=RETENTION, changes=config.retention)
    place = f"{platform.node()}:{config.content_folder.absolute()}"
    settling = Settling(store, SqlContentHomes(database, clock), id_source(clock), place)

    async def begin() -> None:
        if refused := await settling.settle(replace=config.replace_content_folder):
            raise ConfigError(refused)

    uploads = Quota("quota_upload_bytes", config.quota_upload_bytes, catalog.bytes_by_namespace)
    return Mounted(
        servicers=[
            ContentServicer(Contents(store, catalog, clock, uploads)),
            ResultServicer(Results(results, WireLeases(channels["state"]), clock)),
        ],
        loops=[
            Loop("artifact.collection", collection.tick, limit=COLLECTION_LIMIT),
            Loop("artifact.retention", retention.tick),
            Loop("artifact.quotas", Measuring([uploads]).tick),
        ],
        readiness=all_of(answers(database), store.lacking),
        begin=begin,
        drain=files.close,
    )
