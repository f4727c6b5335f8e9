"""grpc.health.v1: whether this process lives, and whether it and its services can serve."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from penstockd.chassis.loops import tell
from penstockd.chassis.mounted import Mounted, handlers_of

logger = logging.getLogger(__name__)

HEALTH_SERVICE = "grpc.health.v1.Health"
# Who does not live is to be started again; who is not ready is to be left alone for a while.
LIVENESS, READINESS = "liveness", "readiness"
# The readiness too, for who asks for no name.
OVERALL = ""
INTERVAL = timedelta(seconds=2)
FIRST_TICK_LIMIT = timedelta(seconds=2)

UNKNOWN = health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class Health(health_pb2_grpc.HealthServicer):
    """Nothing is ready before its first tick, and nothing after `end`; it lives all along.

    The servicer that grpcio ships forgets other watchers when one leaves, and its watches
    hold a drain up.
    """

    def __init__(self, mounted: Sequence[Mounted]) -> None:
        self._names = [(each, handlers_of(each).services) for each in mounted]
        self.services = [name for _, each in self._names for name in each]
        names = [OVERALL, READINESS, *self.services]
        self._statuses: dict[str, int] = dict.fromkeys(names, NOT_SERVING)
        self._statuses[LIVENESS] = SERVING
        self._served: set[str] = set()
        self._changed = asyncio.Event()
        self._ended = False
        self._known = asyncio.Event()

    def add_to(self, server: grpc.aio.Server) -> None:
        health_pb2_grpc.add_HealthServicer_to_server(self, server)

    async def tick(self, _now: datetime) -> timedelta:
        """Ask every service what it lacks, and tell who watches."""
        lacks: list[str] = []
        for mounted, names in self._names:
            if lack := await _lack_of(mounted):
                lacks.append(lack)
            for name in names:
                self._set(name, lack)
        together = "; ".join(dict.fromkeys(lacks))
        self._set(OVERALL, together)
        self._set(READINESS, together)
        self._known.set()
        return INTERVAL

    async def known(self) -> None:
        """Return after the first tick, or when a service takes too long to answer it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_TICK_LIMIT.total_seconds()):
                await self._known.wait()

    def end(self) -> None:
        """Say of everything that it does not serve, to whoever watches for the last time."""
        self._ended = True
        self._statuses = dict.fromkeys(self._statuses, NOT_SERVING) | {LIVENESS: SERVING}
        self._tell()

    async def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        if request.service not in self._statuses:
            await context.abort(grpc.StatusCode.NOT_FOUND, "there is no service with this name")
        return _reply(self._statuses[request.service])

    async def Watch(self, request: Any, _context: Any) -> AsyncIterator[Any]:  # noqa: N802
        told = None
        while True:
            changed = self._changed
            status = self._statuses.get(request.service, UNKNOWN)
            if status != told:
                yield _reply(status)
                told = status
            if self._ended:
                return
            await changed.wait()

    def _set(self, name: str, lack: str) -> None:
        status = NOT_SERVING if lack else SERVING
        if self._ended or self._statuses[name] == status:
            return
        self._statuses[name] = status
        self._tell()
        if name == READINESS:
            return
        about = {"service": name or "all", "lacks": lack or "nothing"}
        # That a start went well is no news; that something is well again is.
        told = logging.WARNING if lack or name in self._served else logging.DEBUG
        self._served.add(name)
        logger.log(told, "health.changed", extra=about)

    def _tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


async def _lack_of(mounted: Mounted) -> str:
    try:
        return await mounted.readiness()
    except Exception as error:  # noqa: BLE001 - the health of the other services is told on
        tell("health.not_known", error, {})
        return "it is not known whether the service can serve"


def _reply(status: int) -> Any:
    return health_pb2.HealthCheckResponse(status=status)
