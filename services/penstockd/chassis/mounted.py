"""What a service hands to whoever runs it, behind a socket or a local channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import grpc

from penstockd.chassis.loops import Loop

Readiness = Callable[[], Awaitable[str]]
Begin = Callable[[], Awaitable[None]]
Drain = Callable[[], Awaitable[None]]
# To other services, by name: local or over a socket, the service cannot tell.
Channels = Mapping[str, grpc.aio.Channel]


class Servicer(Protocol):
    def add_to(self, server: grpc.aio.Server) -> None: ...


async def always_ready() -> str:
    return ""


def all_of(*parts: Readiness) -> Readiness:
    """Return a readiness that says all that is lacking."""

    async def lacks() -> str:
        said = [await part() for part in parts]
        return "; ".join(lack for lack in said if lack)

    return lacks


async def nothing_to_do() -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounted:
    """Readiness returns what the service lacks, in words, or nothing when it can serve.

    Begin is awaited once, before anybody calls: it raises ConfigError if nobody should.

    Drain is awaited once when the process is to end, while the loops and the services that
    this one calls still work: it gives back what the service holds.
    """

    servicers: Sequence[Servicer]
    loops: Sequence[Loop] = ()
    readiness: Readiness = field(default=always_ready)
    begin: Begin = field(default=nothing_to_do)
    drain: Drain = field(default=nothing_to_do)

    def add_to(self, server: grpc.aio.Server) -> None:
        for servicer in self.servicers:
            servicer.add_to(server)


class Handlers:
    """Takes servicers as a server does, and keeps their handlers by full method name."""

    def __init__(self) -> None:
        self.by_method: dict[str, Any] = {}
        self.services: list[str] = []

    def add_generic_rpc_handlers(self, handlers: Sequence[Any]) -> None:
        """Note the names; the registered handlers are the same ones, by method."""
        self.services += [each.service_name() for each in handlers]

    def add_registered_method_handlers(self, service: str, handlers: Mapping[str, Any]) -> None:
        self.by_method |= {f"/{service}/{name}": each for name, each in handlers.items()}


class GenericHandlers:
    """Takes servicers as a server does, and hands on what finds a method by its path.

    For every method that grpc.aio knows by name it keeps a request open. When its accept loop
    ends by itself, it frees those while the core still writes to them, and the process breaks.
    """

    def __init__(self, server: grpc.aio.Server) -> None:
        self._server = server

    def add_generic_rpc_handlers(self, handlers: Sequence[Any]) -> None:
        self._server.add_generic_rpc_handlers(handlers)

    def add_registered_method_handlers(self, service: str, handlers: Mapping[str, Any]) -> None:
        """The generic handlers have the same ones."""


def generic_handlers(server: grpc.aio.Server) -> grpc.aio.Server:
    return cast(grpc.aio.Server, GenericHandlers(server))


def handlers_of(mounted: Mounted) -> Handlers:
    handlers = Handlers()
    mounted.add_to(cast(grpc.aio.Server, handlers))
    return handlers
