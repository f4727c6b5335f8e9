"""The one table of services. Another service is one row, and a module that builds it.

Rows stand in the order of starting: whoever is called comes before whoever calls it. What a
row builds and preloads is imported only then, since each service costs 20 to 60 ms and an
embedded program calls few of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from penstockd.assembly.site import Site
from penstockd.chassis.config import load
from penstockd.chassis.mounted import Channels, Mounted
from penstockd.database.migrations import ensure_schema
from penstockd.database.schemas import schema_of

CONTENT_FOLDER = "content"


def _build_state(site: Site, _channels: Channels) -> Mounted:
    from penstockd.state import wiring

    config = load(wiring.Config, "state")
    return wiring.build(config, site.database, clock=site.clock, liveness=site)


def _preload_state() -> None:
    from penstockd.database import compiling  # noqa: F401 - loading it is the purpose
    from penstockd.state.store import filters  # noqa: F401


def _build_scheduler(site: Site, channels: Channels) -> Mounted:
    from penstockd.scheduler import wiring

    config = load(wiring.Config, "scheduler")
    return wiring.build(config, site.database, channels=channels, clock=site.clock)


def _build_artifact(site: Site, channels: Channels) -> Mounted:
    from penstockd.artifact import wiring

    folder = {"content_folder": site.store / CONTENT_FOLDER}
    config = load(wiring.Config, "artifact", defaults=folder)
    return wiring.build(config, site.database, channels=channels, clock=site.clock)


def _build_executor(site: Site, channels: Channels) -> Mounted:
    from penstockd.executor import wiring

    config = load(wiring.Config, "executor", defaults={"advertised_address": site.own_address})
    config = replace(config, addresses=site.addresses)
    return wiring.build(config, site.database, channels=channels, clock=site.clock)


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How one service is put together, and what stands around it.

    Attributes:
        port: Where it listens when nobody says otherwise.
        build: Called once per process, over a database that has the service's tables.
        calls: Whom it calls, by name. State calls nobody: facts come up by Watch.
        preload: What programs load when they first need it, and a server before it serves:
            it may take most of a second, in which nobody could renew a lease.
        own_store: Each process has a SQLite file of its own; the others share one database.
        embedded: Programs run it themselves when no server is given.
    """

    name: str
    port: int
    build: Callable[[Site, Channels], Mounted]
    calls: tuple[str, ...] = ()
    preload: Callable[[], None] = _nothing
    own_store: bool = False
    embedded: bool = True


_ROWS = (
    Service(name="state", port=7471, build=_build_state, preload=_preload_state),
    Service(name="scheduler", port=7472, build=_build_scheduler, calls=("state",)),
    Service(name="artifact", port=7473, build=_build_artifact, calls=("state",)),
    Service(
        name="executor",
        port=7474,
        build=_build_executor,
        calls=("state", "scheduler"),
        own_store=True,
        embedded=False,
    ),
)
SERVICES: Mapping[str, Service] = {row.name: row for row in _ROWS}


async def mount(service: Service, site: Site, channels: Channels) -> Mounted:
    """Build one service with its tables; its code is loaded now, and not before.

    Raises ConfigError.
    """
    await ensure_schema(site.database, schema_of(service.name))
    mounted = service.build(site, channels)
    await mounted.begin()
    return mounted
