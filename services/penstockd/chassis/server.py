"""Services behind a socket: limits, health, reflection, and an end that loses nothing."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType

import grpc

from penstock.wire_channels import LONGEST_CARRIED, LONGEST_MESSAGE
from penstockd.chassis.admission import Admission, Limits
from penstockd.chassis.clock import Clock
from penstockd.chassis.config import ConfigError
from penstockd.chassis.draining import Draining
from penstockd.chassis.health import HEALTH_SERVICE, Health
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.listening import Listener
from penstockd.chassis.loops import Loop, LoopRunner
from penstockd.chassis.mounted import Mounted, generic_handlers
from penstockd.chassis.parking import MOST_PARKED
from penstockd.chassis.process import asked_to_stop
from penstockd.chassis.reflecting import reflect
from penstockd.chassis.validation import Check

logger = logging.getLogger(__name__)

LARGEST_METADATA = 16 * 1024
MOST_PENDING = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerConfig:
    """Port 0 lets the system choose. `insecure` allows an address beyond this machine.

    `socket` is listened on too, by its owner alone; without a host there is no port.
    """

    host: str = "127.0.0.1"
    port: int = 0
    socket: Path | None = None
    insecure: bool = False
    drain_limit: timedelta = timedelta(seconds=10)
    max_streams: int = 100
    limits: Limits = field(default_factory=Limits)
    quota_parked_calls: int = MOST_PARKED

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return not self.host or is_loopback(self.host)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the configuration says of every server, in `[server]`."""

    quota_parked_calls: int = MOST_PARKED


class Server:
    """Runs what is mounted, its loops and its health, from `start` to `drain`."""

    def __init__(
        self,
        mounted: Sequence[Mounted],
        config: ServerConfig,
        *,
        clock: Clock,
        check: Check | None = None,
    ) -> None:
        self._mounted = mounted
        self._config = config
        self._draining = Draining()
        self._loops = LoopRunner(clock)
        self._health = Health(mounted)
        self._chain = standard_chain(
            draining=self._draining,
            check=check,
            admission=Admission(config.limits),
            most_parked=config.quota_parked_calls,
        )
        self._listener = Listener(self._build, config.host, config.port, config.socket)
        self._listening: asyncio.Task[None] | None = None
        self.address = ""

    async def start(self) -> str:
        """Listen, and return the address with the port that was bound, or the socket's."""
        config = self._config
        if not config.is_local and not config.insecure:
            raise ConfigError(
                f"host {config.host} can be reached from other machines, and there is no "
                "authentication: keep 127.0.0.1, or start with --insecure on a network "
                "that you trust"
            )
        await self._listener.start()
        self.address = self._listener.address
        self._listening = asyncio.create_task(self._listener.keep(), name="listening")
        self._loops.start([loop for mounted in self._mounted for loop in mounted.loops])
        self._loops.start([Loop("health", self._health.tick)])
        await self._health.known()
        logger.info("server.listening", extra={"address": self.address})
        return self.address

    async def until(self, asked: asyncio.Event) -> None:
        """Return when it is asked to stop. Raises Unavailable when it can listen no more."""
        assert self._listening is not None, "it is started"  # noqa: S101
        asking = asyncio.create_task(asked.wait())
        try:
            await asyncio.wait({asking, self._listening}, return_when=asyncio.FIRST_COMPLETED)
            if self._listening.done():
                self._listening.result()
        finally:
            asking.cancel()

    async def drain(self) -> None:
        """Stop taking work, let parked calls go, and give the others time to end."""
        logger.info("server.draining", extra={"address": self.address})
        self._health.end()
        self._draining.begin()
        for mounted in self._mounted:
            await self._give_back(mounted)
        await self._loops.stop()
        if self._listening is not None:
            self._listener.leave()
            self._listening.cancel()
            await asyncio.wait({self._listening})
        await self._listener.stop(self._config.drain_limit.total_seconds())
        logger.info("server.stopped", extra={"address": self.address})

    def _build(self) -> grpc.aio.Server:
        server = grpc.aio.server(interceptors=[self._chain], options=options_of(self._config))
        taking = generic_handlers(server)
        for mounted in self._mounted:
            mounted.add_to(taking)
        self._health.add_to(taking)
        if self._config.is_local:
            reflect(taking, (*self._health.services, HEALTH_SERVICE))
        return server

    async def _give_back(self, mounted: Mounted) -> None:
        try:
            async with asyncio.timeout(self._config.drain_limit.total_seconds()):
                await mounted.drain()
        except Exception:
            logger.exception("server.drain_failed")

    async def __aenter__(self) -> Server:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.drain()


async def serve(
    mounted: Sequence[Mounted],
    config: ServerConfig,
    *,
    clock: Clock,
    check: Check | None = None,
    on_ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve until SIGTERM or SIGINT, then drain. `on_ready` gets the bound address.

    Raises:
        Unavailable: the server stopped listening, and could not begin again.
    """
    async with Server(mounted, config, clock=clock, check=check) as server:
        # Whoever is told that it serves may ask it to stop at once.
        with asked_to_stop() as asked:
            on_ready(server.address)
            await server.until(asked)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach the host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def options_of(config: ServerConfig) -> list[tuple[str, int]]:
    """Return the limits of a server, in gRPC's names."""
    return [
        ("grpc.max_send_message_length", LONGEST_MESSAGE),
        ("grpc.max_receive_message_length", LONGEST_CARRIED),
        ("grpc.max_metadata_size", LARGEST_METADATA),
        ("grpc.absolute_max_metadata_size", LARGEST_METADATA),
        ("grpc.max_concurrent_streams", config.max_streams),
        # The core answers CANCELLED to what waits beyond: admission has better words for it.
        ("grpc.server.max_pending_requests", MOST_PENDING),
        ("grpc.server.max_pending_requests_hard_limit", MOST_PENDING),
        # Else the core takes whole requests from a quick sender before anybody reads them.
        ("grpc.http2.bdp_probe", 0),
        # A connection that does not begin to speak.
        ("grpc.server_handshake_timeout_ms", 5_000),
        ("grpc.keepalive_time_ms", 10_000),
        ("grpc.keepalive_timeout_ms", 5_000),
        ("grpc.http2.ping_timeout_ms", 5_000),
        ("grpc.keepalive_permit_without_calls", 1),
        # Half of what clients are told: a network may bring two of their pings close together.
        ("grpc.http2.min_recv_ping_interval_without_data_ms", 5_000),
        ("grpc.max_connection_age_ms", 300_000),
        ("grpc.max_connection_age_grace_ms", 70_000),
        # Two servers must not share a port without a word.
        ("grpc.so_reuseport", 0),
    ]
