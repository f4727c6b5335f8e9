"""A process under a run, from its start until nothing of its group is left."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import IO

from penstockd.executor.rules.stopping import StopStage
from penstockd.executor.runtimes import ByteStream, Cancel, Exit
from penstockd.executor.runtimes.child_wire import order_message
from penstockd.executor.runtimes.process.exits import exit_of
from penstockd.executor.runtimes.process.groups import SIGNALS, signal_group, vanished
from penstockd.executor.runtimes.process.marks import ProcessMark, mark_of
from penstockd.executor.runtimes.process.memory import lack_of_memory, memory_kills
from penstockd.executor.runtimes.process.strays import kill_strays

FD_VARIABLE = "PENSTOCK_CHILD_FD"
READ_AHEAD = 64 * 1024


def spawn(
    argv: Sequence[str], pipe: int, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, with the pipe as its only other open file.

    The environment is all that it gets: nothing of ours comes with it.
    """
    return subprocess.Popen(  # noqa: S603 - that is the executor's duty
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environment, FD_VARIABLE: str(pipe)},
        pass_fds=(pipe,),
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """End what nobody follows yet."""
    signal_group(process.pid, signal.SIGKILL)
    process.wait()
    for _, pipe in _outputs(process):
        pipe.close()


class ProcessChild:
    """The process is reaped here and nowhere else: until then its id stays its own."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        lease_id: str,
        when_gone: Callable[[int], object],
    ) -> None:
        self.mark = _mark(process.pid)
        self.output: Sequence[tuple[str, ByteStream]] = ()
        self._process, self._lease_id = process, lease_id
        self._when_gone = when_gone
        self._transports: list[asyncio.BaseTransport] = []
        self._pipe: asyncio.WriteTransport | None = None
        self._gone = asyncio.Event()
        self._killed = False
        self._memory_kills = memory_kills()
        self._pidfd = os.pidfd_open(process.pid)
        asyncio.get_running_loop().add_reader(self._pidfd, self._reap)

    async def connect(self, writer: int) -> None:
        """Let the loop read its output, and write to its pipe."""
        loop = asyncio.get_running_loop()
        self._pipe, _ = await loop.connect_write_pipe(
            asyncio.BaseProtocol, os.fdopen(writer, "wb", buffering=0)
        )
        self._transports.append(self._pipe)
        streams: list[tuple[str, ByteStream]] = []
        for name, pipe in _outputs(self._process):
            stream = asyncio.StreamReader(limit=READ_AHEAD)
            protocol = partial(asyncio.StreamReaderProtocol, stream)
            transport, _ = await loop.connect_read_pipe(protocol, pipe)
            self._transports.append(transport)
            streams.append((name, stream))
        self.output = streams

    def write(self, message: bytes) -> None:
        if self._pipe is not None and not self._pipe.is_closing():
            self._pipe.write(message)

    def abandon(self) -> None:
        self._signal(signal.SIGKILL)
        for transport in self._transports:
            if not transport.is_closing():
                transport.close()

    async def deliver(self, order: Cancel) -> None:
        self.write(order_message(order))

    async def stop(self, stage: StopStage) -> None:
        self._signal(SIGNALS[stage])

    async def wait(self) -> Exit:
        await self._gone.wait()
        await vanished(self.mark.pid)
        code = self._process.returncode
        assert code is not None  # noqa: S101 - it was reaped
        if self._killed:
            return exit_of(code)
        return exit_of(code, why_killed=lack_of_memory(self._memory_kills, memory_kills()))

    async def close(self) -> None:
        self.abandon()

    def _signal(self, number: int) -> None:
        # Without this the id might be that of somebody else's group by now.
        if not self._gone.is_set():
            self._killed = self._killed or number == signal.SIGKILL
            signal_group(self.mark.pid, number)

    def _reap(self) -> None:
        asyncio.get_running_loop().remove_reader(self._pidfd)
        os.close(self._pidfd)
        # It has exited and is not reaped: the group cannot belong to anybody else yet.
        signal_group(self.mark.pid, signal.SIGKILL)
        kill_strays(self._lease_id)
        self._process.wait()
        self._when_gone(self.mark.pid)
        self._gone.set()


def _outputs(process: subprocess.Popen[bytes]) -> list[tuple[str, IO[bytes]]]:
    pipes = (("stdout", process.stdout), ("stderr", process.stderr))
    return [(name, pipe) for name, pipe in pipes if pipe is not None]


def _mark(pid: int) -> ProcessMark:
    mark = mark_of(pid)
    if mark is None:
        # It is a child not yet reaped.
        raise OSError(f"/proc/{pid} cannot be read")
    return mark
