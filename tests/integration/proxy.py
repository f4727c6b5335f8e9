"""A proxy between a program and its server, whose connections can fall silent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from hanging import HANG_LIMIT


class Proxy:
    """Carries bytes both ways on each connection, until it is told to let them lie."""

    def __init__(self, server: str) -> None:
        self._host, _, port = server.rpartition(":")
        self._port = int(port)
        self._open: list[asyncio.Event] = []
        # Held, or nobody would hold what waits for them: the connections would be closed.
        self._silent: list[asyncio.Event] = []
        self._loop = asyncio.new_event_loop()
        self.address = ""
        self.connections = 0

    def silence(self) -> None:
        """From now on nothing passes on the connections that are open, and none is closed."""
        self._loop.call_soon_threadsafe(self._silence)

    def _silence(self) -> None:
        for passing in self._open:
            passing.clear()
        self._silent += self._open
        self._open.clear()

    async def serve(self, ready: threading.Event) -> None:
        listening = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        host, port = listening.sockets[0].getsockname()
        self.address = f"{host}:{port}"
        ready.set()
        await listening.serve_forever()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        passing = asyncio.Event()
        passing.set()
        self._open.append(passing)
        try:
            there, back = await asyncio.open_connection(self._host, self._port)
        except OSError:
            # As the server itself would: a caller that waits for nobody would learn nothing.
            writer.transport.abort()
            return
        try:
            with suppress(OSError, asyncio.CancelledError):
                await asyncio.gather(
                    _pump(reader, back, passing), _pump(there, writer, passing)
                )
        finally:
            for each in (writer, back):
                each.transport.abort()

    def run(self, ready: threading.Event) -> None:
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self.serve(ready))
        if left := asyncio.all_tasks(self._loop):
            self._loop.run_until_complete(asyncio.wait(left))
        self._loop.close()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(
            lambda: [task.cancel() for task in asyncio.all_tasks(self._loop)]
        )


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passing: asyncio.Event
) -> None:
    while data := await reader.read(65_536):
        await passing.wait()
        writer.write(data)
        await writer.drain()
    writer.close()


@contextmanager
def a_proxy(server: str) -> Iterator[Proxy]:
    proxy, ready = Proxy(server), threading.Event()
    thread = threading.Thread(target=proxy.run, args=(ready,))
    thread.start()
    assert ready.wait(20)
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join(HANG_LIMIT)
