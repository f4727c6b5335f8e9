"""Services behind sockets: one of them, all in one process, or a front for all."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import cast

import grpc

from penstock import telemetry
from penstock.api.scheduler.v1 import work_pool_service_pb2 as pools
from penstock.api.scheduler.v1.work_pool_service_pb2_grpc import WorkPoolServiceStub
from penstock.errors import WorkPoolExists
from penstock.wire_channels import connected, open_channel, with_call_defaults
from penstock.wire_errors import named_errors
from penstockd.assembly.addresses import Addresses
from penstockd.assembly.services import SERVICES, Service, mount
from penstockd.assembly.site import (
    PACKAGE,
    SQLITE,
    STORE_FILE,
    Site,
    naming_the_file,
    service_of,
)
from penstockd.chassis.clock import Clock, system_clock
from penstockd.chassis.contract_rules import contract_check
from penstockd.chassis.forwarding import Target, forward
from penstockd.chassis.ids import id_source
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import LocalChannel
from penstockd.chassis.mounted import Mounted
from penstockd.chassis.server import ServerConfig, serve
from penstockd.database.open import open_database
from penstockd.database.owner import StoreOwned, claim_ownership
from penstockd.database.private_files import private_folder
from penstockd.database.schemas import schema_of

FIRST_POOL = "local-pool"
# Of a service behind a front: one that ends is noticed by its end, so this is for a hang.
START_LIMIT = timedelta(minutes=2)

Ready = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Where to listen, where to keep things, and where the other services are."""

    server: ServerConfig
    store: Path
    # It may hold a password, which must not stand in what is printed of this.
    database: str = field(repr=False)
    addresses: Addresses
    # Where others reach this server; empty when that is not known.
    own_address: str = ""


async def serve_one(name: str, options: Options, *, on_ready: Ready) -> None:
    """Serve one service; it reaches the others at their addresses."""
    service = SERVICES[name]
    telemetry.configure(f"penstock-{name}")
    async with AsyncExitStack() as stack:
        channels: dict[str, grpc.aio.Channel] = {}
        for called in service.calls:
            address = options.addresses[called]
            channels[called] = with_call_defaults(open_channel(address), address)
            stack.push_async_callback(channels[called].close)
        site = await stack.enter_async_context(_site(options, [service]))
        service.preload()
        await _serve([await mount(service, site, channels)], options, site.clock, on_ready)


async def serve_all(options: Options, *, on_ready: Ready) -> None:
    """Serve all from this process; they reach one another without a socket."""
    telemetry.configure("penstock")
    mounted: dict[str, Mounted] = {}

    async def resolve(full_name: str) -> Mounted | None:
        return mounted.get(service_of(full_name))

    local = cast(grpc.aio.Channel, LocalChannel(resolve, standard_chain()))
    channels = dict.fromkeys(SERVICES, with_call_defaults(local))
    async with AsyncExitStack() as stack:
        sharing = [each for each in SERVICES.values() if not each.own_store]
        shared = await stack.enter_async_context(_site(options, sharing))
        for name, service in SERVICES.items():
            site = shared
            if service.own_store:
                site = await stack.enter_async_context(_site(options, [service]))
            service.preload()
            mounted[name] = await mount(service, site, channels)
        await make_first_pool(channels["scheduler"])
        await _serve(list(mounted.values()), options, shared.clock, on_ready)


async def serve_front(options: Options, *, on_ready: Ready) -> None:
    """Forward every call to the service of its package, as a mesh's route table does."""
    fronts: list[Mounted] = []
    async with AsyncExitStack() as stack:
        for service, address in options.addresses.items():
            channel = await stack.enter_async_context(open_channel(address, retries=False))
            start = f"penstockd {service}"
            await connected(channel, address, start=start, within=START_LIMIT.total_seconds())
            target = Target(name=service, package=f"{PACKAGE}.{service}", address=address)
            fronts.append(forward(target, channel))
        to_scheduler = open_channel(options.addresses["scheduler"])
        await make_first_pool(with_call_defaults(to_scheduler))
        await to_scheduler.close()
        await serve(fronts, options.server, clock=system_clock(), on_ready=on_ready)


async def make_first_pool(channel: grpc.aio.Channel) -> None:
    """Make the pool that `penstock up` serves, unless it is there."""
    request = pools.CreateWorkPoolRequest(
        request_id=str(id_source(system_clock())()),
        namespace="default",
        name=FIRST_POOL,
        pool_type="process",
        description="Runs on this machine, one process each.",
    )
    try:
        with named_errors():
            await WorkPoolServiceStub(channel).CreateWorkPool(request)
    except WorkPoolExists:
        return


async def _serve(
    mounted: Sequence[Mounted], options: Options, clock: Clock, on_ready: Ready
) -> None:
    await serve(mounted, options.server, clock=clock, check=contract_check(), on_ready=on_ready)


@asynccontextmanager
async def _site(options: Options, services: Sequence[Service]) -> AsyncIterator[Site]:
    """Open what services stand on: one with a store of its own, or those that share one."""
    async with AsyncExitStack() as stack:
        folder, url = options.store, options.database
        if services[0].own_store:
            folder, url = stack.enter_context(_own_folder(options.store, services[0])), ""
        if not url:
            private_folder(folder)
            url = f"{SQLITE}{folder / STORE_FILE}"
        with naming_the_file(url):
            database = await open_database(
                url, schemas=[schema_of(service.name) for service in services]
            )
        stack.push_async_callback(database.close)
        yield Site(
            store=folder,
            database=database,
            clock=database.time,
            addresses=options.addresses,
            own_address=options.own_address,
        )


@contextmanager
def _own_folder(store: Path, service: Service) -> Iterator[Path]:
    """Give each process of the service the first folder that no living one has."""
    for number in count():
        folder = store / f"{service.name}s" / str(number)
        try:
            ownership = claim_ownership(folder, os.getpid(), "")
        except StoreOwned:
            continue
        try:
            yield folder
        finally:
            ownership.close()
        return
