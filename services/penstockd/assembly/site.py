"""Each service put together from one place: its tables, its settings, its channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from penstock.errors import StorageUnavailable
from penstockd.chassis.clock import Clock
from penstockd.chassis.mounted import Channels, Mounted
from penstockd.database.liveness import is_alive
from penstockd.database.migrations import ensure_schema
from penstockd.database.ports import Database
from penstockd.database.schemas import schema_of

PACKAGE = "penstock.api"
STORE_FILE = "penstock.db"
SQLITE = "sqlite:///"
CONTENT_FOLDER = "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What services stand on: a store folder, a database, a clock, and where the rest is."""

    store: Path
    database: Database
    clock: Clock
    addresses: Mapping[str, str] = field(default_factory=dict)


class SharedStore:
    """Which processes hold a sign of life in the store's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_alive(self, session_id: UUID) -> bool:
        return is_alive(self._folder, session_id)


@contextmanager
def naming_the_file(url: str) -> Iterator[None]:
    """Say which file of SQLite cannot be used; the URL of a server may hold a password."""
    try:
        yield
    except StorageUnavailable as error:
        if not url.startswith(SQLITE):
            raise
        raise StorageUnavailable(f"{url.removeprefix(SQLITE)}: {error}") from None


async def mount(service: str, site: Site, channels: Channels) -> Mounted:
    """Build one service with its tables; its code is loaded now, and not before."""
    await ensure_schema(site.database, schema_of(service))
    return BUILDERS[service](site, channels)


def service_of(full_name: str) -> str:
    """Return `state` for `penstock.api.state.v1.FlowRunService`; empty for a foreign one."""
    package, _, rest = full_name.removeprefix(f"{PACKAGE}.").partition(".")
    return package if rest and full_name.startswith(f"{PACKAGE}.") else ""


def _state(site: Site, _channels: Channels) -> Mounted:
    from penstockd.chassis.config import load
    from penstockd.state import wiring

    config = load(wiring.Config, "state")
    return wiring.build(
        config, site.database, clock=site.clock, liveness=SharedStore(site.store)
    )


def _artifact(site: Site, channels: Channels) -> Mounted:
    from penstockd.artifact import wiring
    from penstockd.chassis.config import load

    folder = {"content_folder": site.store / CONTENT_FOLDER}
    config = load(wiring.Config, "artifact", defaults=folder)
    return wiring.build(config, site.database, channels=channels, clock=site.clock)


def _scheduler(site: Site, channels: Channels) -> Mounted:
    from penstockd.chassis.config import load
    from penstockd.scheduler import wiring

    config = load(wiring.Config, "scheduler")
    return wiring.build(config, site.database, channels=channels, clock=site.clock)


def _executor(site: Site, channels: Channels) -> Mounted:
    from penstockd.chassis.config import load
    from penstockd.executor import wiring

    config = replace(load(wiring.Config, "executor"), addresses=site.addresses)
    return wiring.build(config, site.database, channels=channels, clock=site.clock)


BUILDERS: Mapping[str, Callable[[Site, Channels], Mounted]] = {
    "state": _state,
    "artifact": _artifact,
    "scheduler": _scheduler,
    "executor": _executor,
}
