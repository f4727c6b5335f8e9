"""The services of one store inside the caller's process: no server, no socket."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from uuid import UUID

import grpc

from penstock.errors import InvalidArgument, StorageUnavailable
from penstock.wire_channels import with_call_defaults
from penstockd.assembly.services import CONTENT_FOLDER, SERVICES, mount
from penstockd.assembly.site import SQLITE, STORE_FILE, Site, naming_the_file, service_of
from penstockd.chassis.config import ConfigError
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import LocalChannel
from penstockd.chassis.logs import tell_the_unheard
from penstockd.chassis.loops import LoopRunner
from penstockd.chassis.mounted import Mounted
from penstockd.database.executors import OnLoop
from penstockd.database.fitness import WrongStore
from penstockd.database.forks import forks
from penstockd.database.liveness import SignOfLife
from penstockd.database.open import open_database
from penstockd.database.owner import owner_of
from penstockd.database.schemas import schema_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """A channel to every service that is embedded, and how to let go of the store."""

    channel: grpc.aio.Channel
    close: Callable[[], Awaitable[None]]


def owner_address(store: Path) -> str | None:
    """Return where programs of its user reach the server that owns the store, if one does."""
    owner = owner_of(store)
    return owner.target if owner else None


def is_unfit() -> bool:
    """Tell whether no store can be opened here: a parent left one open that forked this."""
    return forks.unfit


async def open_embedded(store: Path, *, session_id: UUID) -> Embedded:
    """Open the store in a folder; while it is open, the session is seen to be alive.

    Each service is built at its first call. Use the channel from this loop only.

    Raises:
        StorageUnavailable: the folder cannot be used.
    """
    tell_the_unheard()
    _refuse_unless_folder(store / CONTENT_FOLDER)
    embedded = {name: each for name, each in SERVICES.items() if each.embedded}
    sign_of_life = SignOfLife(store, session_id)
    # This loop has a thread of its own already: one more would cost a hand-over per write.
    url = f"{SQLITE}{store / STORE_FILE}"
    with ExitStack() as undo, naming_the_file(url):
        undo.callback(sign_of_life.close)
        schemas = [schema_of(name) for name in embedded]
        database = await open_database(url, schemas=schemas, writer=OnLoop(), make=False)
        undo.pop_all()
    site = Site(store=store, database=database, clock=database.time)
    loops = LoopRunner(database.time)
    built: list[Mounted] = []

    async def resolve(full_name: str) -> Mounted | None:
        service = embedded.get(service_of(full_name))
        if service is None:
            return None
        try:
            mounted = await mount(service, site, dict.fromkeys(embedded, channel))
        except (ConfigError, WrongStore) as error:
            raise InvalidArgument(str(error)) from None
        built.append(mounted)
        loops.start(mounted.loops)
        return mounted

    local = LocalChannel(resolve, standard_chain())
    channel = with_call_defaults(cast(grpc.aio.Channel, local))

    async def close() -> None:
        for mounted in built:
            await mounted.drain()
        await loops.stop()
        await local.close()
        await database.close()
        sign_of_life.close()

    return Embedded(channel=channel, close=close)


def _refuse_unless_folder(path: Path) -> None:
    """Before a run begins: the first result may come in the middle of one, and would wait."""
    if os.path.lexists(path) and not path.is_dir():
        raise StorageUnavailable(
            f"{path} is no folder: move it away, or set PENSTOCK_HOME to another folder"
        )
