"""The state service over each transport and on each database; tests must see no difference."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import grpc
import pytest
import pytest_asyncio

from builders import HandClock, Living
from contract.state.site import Inside, Site
from penstock.wire_channels import with_call_defaults
from penstockd.chassis.contract_rules import contract_check
from penstockd.chassis.draining import Draining
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import local_channel
from penstockd.chassis.validation import Check
from penstockd.database import Database
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from penstockd.state.wiring import Config, build

PLACES = ("local on sqlite", "socket on sqlite", "socket on postgresql")
CONFIG = Config(watch_progress=timedelta(seconds=1))


@cache
def the_check() -> Check:
    return contract_check()


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(place: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if place.endswith("postgresql"):
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/penstock.db"


@pytest_asyncio.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = await open_database(url, schemas=[schema_of("state")])
    yield database
    await database.close()


@pytest.fixture
def config() -> Config:
    return CONFIG


@pytest.fixture
def inside(database: Database, config: Config) -> Inside:
    clock, living = HandClock(), Living()
    return Inside(
        mounted=build(config, database, clock=clock, liveness=living),
        database=database,
        clock=clock,
        living=living,
        draining=Draining(),
    )


@pytest_asyncio.fixture
async def site(place: str, inside: Inside) -> AsyncIterator[Site]:
    chain = standard_chain(draining=inside.draining, check=the_check())
    if place.startswith("local"):
        local = local_channel(inside.mounted, chain)
        yield Site(with_call_defaults(local), inside=inside)
        await local.close()
        return
    server = grpc.aio.server(interceptors=[chain])
    inside.mounted.add_to(server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Site(with_call_defaults(channel), inside=inside)
    await server.stop(None)


@pytest_asyncio.fixture
async def embedded(inside: Inside) -> AsyncIterator[Site]:
    """The same service as a program sees it that shares its store."""
    local = local_channel(inside.mounted, standard_chain())
    yield Site(with_call_defaults(local), inside=inside)
    await local.close()
