"""The artifact service behind each transport, beside the real state service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import grpc
import pytest
import pytest_asyncio

from penstock.wire_channels import open_channel, with_call_defaults
from penstockd.artifact import wiring as artifact
from penstockd.chassis.clock import system_clock
from penstockd.chassis.contract_rules import contract_check
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import local_channel
from penstockd.chassis.mounted import Mounted
from penstockd.chassis.server import Server, ServerConfig
from penstockd.database import Database
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from penstockd.state import wiring as state

Transport = Literal["local", "socket"]
check = cache(contract_check)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What services stand on, and how they are reached."""

    database: Database
    content_folder: Path
    transport: Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Everybody:
    """Every embedded process is alive."""

    def is_alive(self, session_id: UUID) -> bool:
        return True


@pytest_asyncio.fixture(params=["local", "socket"])
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Site]:
    database = await open_database(
        f"sqlite:///{tmp_path}/penstock.db", schemas=[schema_of("state"), schema_of("artifact")]
    )
    yield Site(database=database, content_folder=tmp_path / "content", transport=request.param)
    await database.close()


@pytest_asyncio.fixture
async def state_channel(site: Site) -> AsyncIterator[grpc.aio.Channel]:
    built = state.build(
        state.Config(), site.database, clock=system_clock(), liveness=Everybody()
    )
    async with reached(built, site.transport) as channel:
        yield channel


@pytest_asyncio.fixture
async def channel(
    site: Site, state_channel: grpc.aio.Channel
) -> AsyncIterator[grpc.aio.Channel]:
    async with artifact_beside(site, state_channel) as channel:
        yield channel


@asynccontextmanager
async def artifact_beside(
    site: Site, state_channel: grpc.aio.Channel, **config: Any
) -> AsyncIterator[grpc.aio.Channel]:
    built = artifact.build(
        artifact.Config(content_folder=site.content_folder, **config),
        site.database,
        channels={"state": state_channel},
        clock=system_clock(),
    )
    async with reached(built, site.transport) as channel:
        yield channel


@asynccontextmanager
async def reached(mounted: Mounted, transport: Transport) -> AsyncIterator[grpc.aio.Channel]:
    if transport == "local":
        local = local_channel(mounted, standard_chain(check=check()))
        yield with_call_defaults(local)
        await local.close()
        return
    async with (
        Server([mounted], ServerConfig(), clock=system_clock(), check=check()) as server,
        open_channel(server.address, retries=False) as opened,
    ):
        yield with_call_defaults(opened)
