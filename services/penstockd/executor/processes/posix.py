"""Processes of this machine: pipes, groups, and an end that is seen at once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from typing import IO

from penstockd.executor.processes import ByteStream, CannotStart, ChildProcess, Command
from penstockd.executor.processes.marks import is_alive, kill_left_behind, mark_of, members
from penstockd.executor.rules.execution import ProcessMark

FD_VARIABLE = "PENSTOCK_CHILD_FD"
READ_AHEAD = 64 * 1024
# Half a second together.
PAUSES = tuple(0.001 * 2**number for number in range(9))


class PosixProcesses:
    def __init__(self) -> None:
        self._orphaned: set[int] = set()

    async def start(self, command: Command) -> ChildProcess:
        self._bury_orphans()
        with ExitStack() as undo:
            try:
                reader, writer = os.pipe()
                undo.callback(os.close, writer)
                try:
                    process = _spawn(command, reader)
                finally:
                    os.close(reader)
                # What cannot be watched must not run on by itself.
                undo.callback(_end, process)
                child = _Child(process, self._orphaned.add)
            except (OSError, ValueError) as error:
                raise CannotStart(f"cannot start {command.argv[0]}: {error}") from error
            undo.pop_all()
        await child.connect(writer)
        return child

    def own_mark(self) -> ProcessMark:
        return _mark(os.getpid())

    def is_alive(self, mark: ProcessMark) -> bool:
        return is_alive(mark)

    def kill_left_behind(self, mark: ProcessMark) -> bool:
        return kill_left_behind(mark)

    def _bury_orphans(self) -> None:
        """As the first process of a container we inherit what a group left behind.

        Before anything new is started, which might get the id of a group that is gone.
        """
        for group in list(self._orphaned):
            try:
                while os.waitid(os.P_PGID, group, os.WEXITED | os.WNOHANG):
                    pass
            except ChildProcessError:
                self._orphaned.discard(group)


def _spawn(command: Command, pipe: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **command.environment, FD_VARIABLE: str(pipe)}
    return subprocess.Popen(  # noqa: S603 - that is the executor's duty
        command.argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        pass_fds=(pipe,),
        start_new_session=True,
    )


class _Child:
    """The process is reaped here and nowhere else: until then its id stays its own."""

    def __init__(
        self, process: subprocess.Popen[bytes], when_gone: Callable[[int], object]
    ) -> None:
        self.mark = _mark(process.pid)
        self.output: Sequence[tuple[str, ByteStream]] = ()
        self._process = process
        self._when_gone = when_gone
        self._transports: list[asyncio.BaseTransport] = []
        self._orders: asyncio.WriteTransport | None = None
        self._gone = asyncio.Event()
        self._pidfd = os.pidfd_open(process.pid)
        asyncio.get_running_loop().add_reader(self._pidfd, self._reap)

    async def connect(self, writer: int) -> None:
        """Let the loop read its output, and write to its pipe."""
        loop = asyncio.get_running_loop()
        self._orders, _ = await loop.connect_write_pipe(
            asyncio.BaseProtocol, os.fdopen(writer, "wb", buffering=0)
        )
        streams: list[tuple[str, ByteStream]] = []
        for name, pipe in _outputs(self._process):
            stream = asyncio.StreamReader(limit=READ_AHEAD)
            protocol = partial(asyncio.StreamReaderProtocol, stream)
            transport, _ = await loop.connect_read_pipe(protocol, pipe)
            self._transports.append(transport)
            streams.append((name, stream))
        self._transports.append(self._orders)
        self.output = streams

    def deliver(self, message: bytes) -> None:
        if self._orders is not None and not self._orders.is_closing():
            self._orders.write(message)

    def signal(self, number: int) -> None:
        # Without this the id might be that of somebody else's group by now.
        if not self._gone.is_set():
            _signal_group(self.mark.pid, number)

    async def exited(self) -> int:
        await self._gone.wait()
        await _vanished(self.mark.pid)
        code = self._process.returncode
        assert code is not None  # noqa: S101 - it was reaped
        return code

    def close(self) -> None:
        for transport in self._transports:
            if not transport.is_closing():
                transport.close()

    def _reap(self) -> None:
        asyncio.get_running_loop().remove_reader(self._pidfd)
        os.close(self._pidfd)
        # It has exited and is not reaped: the group cannot belong to anybody else yet.
        _signal_group(self.mark.pid, signal.SIGKILL)
        self._process.wait()
        self._when_gone(self.mark.pid)
        self._gone.set()


def _outputs(process: subprocess.Popen[bytes]) -> list[tuple[str, IO[bytes]]]:
    pipes = (("stdout", process.stdout), ("stderr", process.stderr))
    return [(name, pipe) for name, pipe in pipes if pipe is not None]


def _end(process: subprocess.Popen[bytes]) -> None:
    _signal_group(process.pid, signal.SIGKILL)
    process.wait()
    for _, pipe in _outputs(process):
        pipe.close()


async def _vanished(group: int) -> None:
    """SIGKILL is sent a moment before it has killed; what cannot die is not waited for."""
    for pause in PAUSES:
        if not _exists(group) or not any(members(group)):
            return
        await asyncio.sleep(pause)


def _exists(group: int) -> bool:
    """Tell whether anything has this group, be it dead; most groups are gone at once."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _signal_group(group: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _mark(pid: int) -> ProcessMark:
    mark = mark_of(pid)
    if mark is None:
        # It is this process, or a child not yet reaped.
        raise OSError(f"/proc/{pid} cannot be read")
    return mark
