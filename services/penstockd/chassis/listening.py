"""An address that stays open: when grpc.aio stops accepting, another server takes its place.

A single call can end its accept loop, such as one whose `:path` is not UTF-8; the process would
live on and hold its store. The calls that run then are still answered; connections are closed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import grpc

from penstock.errors import Unavailable
from penstockd.chassis.config import ConfigError
from penstockd.chassis.deadlines import LONGEST_STREAM
from penstockd.chassis.port_holders import lack_of

logger = logging.getLogger(__name__)

# grpc.aio tells of the end only whom it lets wait no longer than this.
NOTICED_WITHIN = 0.25
# The port may be closing, or the process out of file descriptors for a moment.
TRIES = 25
BETWEEN_TRIES = 0.2
# Whoever ends the loop again and again must not fill the log.
TOLD_EVERY = 60.0
ACCEPT_LOOP = "_server_main_loop"
ODD_METADATA = "Invalid encoding on"


class Listener:
    """Makes servers with `build`, one after another, on the port that the first one got.

    They listen on the socket too, for its owner alone; without a host there is no port.
    """

    def __init__(
        self,
        build: Callable[[], grpc.aio.Server],
        host: str,
        port: int,
        socket: Path | None = None,
    ) -> None:
        self._build = build
        self._host = f"[{host}]" if ":" in host.strip("[]") else host
        self._port = port
        self._socket = socket
        self._server: grpc.aio.Server | None = None
        self._retired: set[asyncio.Task[None]] = set()
        self._told = float("-inf")
        self._left = False
        self.restarts = 0

    @property
    def address(self) -> str:
        return f"{self._host}:{self._port}" if self._host else f"unix:{self._socket}"

    async def start(self) -> None:
        """Listen. Raises ConfigError when the port or the socket cannot be had."""
        server = self._build()
        try:
            if self._host:
                self._port = self._bind_port(server)
            if self._socket is not None:
                self._bind_socket(server, self._socket)
        except ConfigError:
            # gRPC lets go of what it has bound only after it has begun.
            await server.start()
            await server.stop(None)
            raise
        self._server = server
        await server.start()

    async def keep(self) -> None:
        """Listen anew whenever the server stops by itself; return when it is stopped or left.

        Raises:
            Unavailable: the port or the socket cannot be had again.
        """
        _spare_the_log()
        while why := await self._end():
            self.restarts += 1
            self._retire()
            await self._start_again()
            self._tell(why)

    def leave(self) -> None:
        """Have `keep` return soon: the server is about to be stopped."""
        self._left = True

    async def stop(self, grace: float) -> None:
        for each in self._retired:
            each.cancel()
        if self._server is not None:
            await self._server.stop(grace)
        if self._socket is not None:
            self._socket.unlink(missing_ok=True)

    def _bind_port(self, server: grpc.aio.Server) -> int:
        try:
            return server.add_insecure_port(self.address)
        except RuntimeError:
            lack = lack_of(self._host, self._port) or "another process used it a moment ago"
            raise ConfigError(
                f"cannot listen on {self.address}: {lack}; stop that one, or choose another "
                "port"
            ) from None

    def _bind_socket(self, server: grpc.aio.Server, path: Path) -> None:
        """Whoever may serve here owns the store: a socket that is there is a dead server's.

        A server that ends removes the path that it was bound to, perhaps after the next one
        listens: so each is bound to a path of its own, and moved.
        """
        bound = path.with_name(f"{path.name}.{self.restarts % 10}")
        try:
            server.add_insecure_port(f"unix:{bound}")
            bound.chmod(0o600)
            bound.replace(path)
        except (RuntimeError, OSError):
            raise ConfigError(
                f"cannot listen on unix:{path}: its folder must be on a local disk and "
                "writable by this user; set PENSTOCK_HOME to such a folder"
            ) from None

    async def _end(self) -> Exception | None:
        """Return what ended the server; nothing if it was stopped in good order."""
        assert self._server is not None, "it listens"  # noqa: S101
        try:
            # True says that the time is over. A cancellation that comes just then is lost in
            # there: so whoever cancels this leaves it first.
            while not self._left and await self._server.wait_for_termination(NOTICED_WITHIN):
                pass
        except Exception as error:  # noqa: BLE001 - whatever it was, the port is closed
            return error
        return None

    def _retire(self) -> None:
        """Let go of a server that ended once the last of its calls is answered."""
        assert self._server is not None, "it listened"  # noqa: S101
        retiring = asyncio.create_task(self._server.stop(LONGEST_STREAM))
        self._retired.add(retiring)
        retiring.add_done_callback(self._retired.discard)

    async def _start_again(self) -> None:
        why = ""
        for _ in range(TRIES):
            try:
                return await self.start()
            except ConfigError as error:
                why = f": {error}"
            await asyncio.sleep(BETWEEN_TRIES)
        raise Unavailable(
            f"nothing listens on {self.address} any more, and listening again failed{why}",
            address=self.address,
        )

    def _tell(self, why: Exception) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._told >= TOLD_EVERY:
            self._told = now
            about = {"address": self.address, "restarts": self.restarts, "why": repr(why)}
            logger.error("server.listens_again", extra=about)


def _spare_the_log() -> None:
    """Keep tracebacks out of it that any caller can cause.

    Of the end the event above tells; metadata that is no UTF-8 reaches us as replaced.
    """
    for name in ("grpc._cython.cygrpc", "asyncio"):
        # One function, which a logger takes once.
        logging.getLogger(name).addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info and record.exc_info[1] else record.msg
    if isinstance(error, Exception) and _ended_the_loop(error.__traceback__):
        return False
    return not str(record.msg).startswith(ODD_METADATA)


def _ended_the_loop(trace: TracebackType | None) -> bool:
    while trace is not None:
        if trace.tb_frame.f_code.co_name.endswith(ACCEPT_LOOP):
            return True
        trace = trace.tb_next
    return False
