"""Which services this process talks to, and the channels to them.

Without an address, the services run in this process over the store in the user's data
folder; if a `penstock up` owns that store, the process attaches to it instead.
"""

from __future__ import annotations

import atexit
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

from penstock import telemetry
from penstock.context import flow_run_var, task_run_var, transaction_var
from penstock.engine.loop_thread import LoopThread
from penstock.errors import StorageUnavailable
from penstock.exceptions import ForkedProcess
from penstock.settings import SERVICES, addresses, namespace, store_folder
from penstock.wire_channels import connected, open_channel, with_call_defaults

# What the services' deadlines leave for a last word when the process ends.
CLOSING_SECONDS = 5.0
LAST_WORDS_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Channels by service, and who this process is to them."""

    loop: LoopThread
    session_id: str
    namespace: str
    embedded: bool
    # Where the state service is; empty when it runs in this process.
    state_address: str
    channels: dict[str, grpc.aio.Channel]
    closers: list[Any] = field(default_factory=list)
    # What runs that have ended still send; whoever closes the connection waits for it.
    last_words: set[Future[None]] = field(default_factory=set)

    @property
    def state(self) -> grpc.aio.Channel:
        return self.channels["state"]

    @property
    def scheduler(self) -> grpc.aio.Channel:
        return self.channels["scheduler"]

    @property
    def artifact(self) -> grpc.aio.Channel:
        return self.channels["artifact"]


_lock = threading.Lock()
_current: Connection | None = None
_session_id: uuid.UUID | None = None
# Whether this process has opened channels to a server, and whether one that it was forked from
# had: then gRPC is of no use here, even if they were closed before.
_dialled = False
_forked = False
# The thread of each run that goes on in this process.
_running: dict[object, threading.Thread] = {}
_ended = threading.Condition()


def current() -> Connection:
    """Return this process's connection; the first call opens it.

    Raises:
        Unavailable: no server answers at the address that is set.
        ForkedProcess: a server is to be asked, and gRPC does not work in this process.
    """
    global _current  # noqa: PLW0603 - one connection per process
    if _current is not None:
        return _current
    with _lock:
        if _current is None:
            _current = _opened()
        return _current


def enter_session(session_id: uuid.UUID) -> None:
    """Take the session that a connection opens from now on; a random one unless called."""
    global _session_id  # noqa: PLW0603 - one session per process
    _session_id = session_id


def close() -> None:
    """Close this process's connection, if it has one; the next call opens another."""
    global _current
    with _lock:
        connection, _current = _current, None
    if connection is None:
        return
    wait(tuple(connection.last_words), LAST_WORDS_SECONDS)
    try:
        connection.loop.submit(_close_all(connection)).result(CLOSING_SECONDS)
    except TimeoutError:
        pass
    finally:
        connection.loop.stop()
        telemetry.shutdown()


def close_after(connection: Connection, word: Future[None]) -> None:
    """Let the connection not be closed before this is said, or a moment has passed."""
    connection.last_words.add(word)
    word.add_done_callback(connection.last_words.discard)


@contextmanager
def in_use() -> Iterator[Connection]:
    """Keep the connection open for a run, also if the program's main thread ends meanwhile."""
    mark = object()
    with _ended:
        _running[mark] = threading.current_thread()
    try:
        yield current()
    finally:
        with _ended:
            del _running[mark]
            _ended.notify_all()


def _close_at_exit() -> None:
    """Python waits for threads that are not daemons, but calls this before."""
    try:
        with _ended:
            _ended.wait_for(lambda: not any(map(_is_waited_for, _running.values())))
    finally:
        close()


def _is_waited_for(thread: threading.Thread) -> bool:
    return not thread.daemon and thread is not threading.current_thread()


def _opened() -> Connection:
    targets = addresses()
    telemetry.configure("penstock")
    loop = LoopThread()
    try:
        connection = loop.run(_open(loop, targets))
    except BaseException:
        loop.stop()
        raise
    _at_exit(_close_at_exit)
    return connection


def _at_exit(act: Callable[[], None]) -> None:
    """Act while pools of threads still take work: the embedded store writes through one."""
    register = getattr(threading, "_register_atexit", atexit.register)
    try:
        register(act)
    except RuntimeError:
        # The program is at its end already, and a thread of it runs one more flow.
        atexit.register(act)


async def _open(loop: LoopThread, targets: dict[str, str]) -> Connection:
    session_id = _session_id or uuid.uuid4()
    channels: dict[str, grpc.aio.Channel] = {}
    closers: list[Any] = []
    embedded = not targets
    if embedded:
        from penstockd.assembly import open_embedded, owner_address

        store = store_folder()
        with _told(store):
            owner = owner_address(store)
            services = None if owner else await open_embedded(store, session_id=session_id)
        if owner:
            targets, embedded = dict.fromkeys(SERVICES, owner), False
        elif services:
            channels = dict.fromkeys(SERVICES, services.channel)
            closers.append(services.close)
    if targets:
        _note_dialling()
        by_address = {address: open_channel(address) for address in set(targets.values())}
        for address, channel in by_address.items():
            await connected(channel, address)
            closers.append(channel.close)
        channels = {
            service: with_call_defaults(by_address[address])
            for service, address in targets.items()
        }
    return Connection(
        loop=loop,
        session_id=str(session_id),
        namespace=namespace(),
        embedded=embedded,
        state_address=targets.get("state", ""),
        channels=channels,
        closers=closers,
    )


def _note_dialling() -> None:
    """Remember that gRPC is in use; refuse in a fork, which its calls would crash."""
    global _dialled  # noqa: PLW0603 - what this process has done does not change
    if _forked:
        raise ForkedProcess(
            "this process was forked from one that talked to a server, and cannot talk to it: "
            "start it by multiprocessing's 'spawn' or 'forkserver' method, or by subprocess"
        )
    _dialled = True


@contextmanager
def _told(store: Path) -> Iterator[None]:
    """A folder that cannot be used is the user's to mend."""
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(
            f"the store {store} cannot be used ({error.strerror}): set PENSTOCK_HOME to a "
            "folder that you may write to"
        ) from None


async def _close_all(connection: Connection) -> None:
    for close_one in connection.closers:
        await close_one()


def _forget_after_fork() -> None:
    """A child has neither the loop's thread nor a right to the parent's session and run."""
    global _current, _session_id, _lock, _ended
    global _forked  # noqa: PLW0603 - what this process is does not change
    _forked = _dialled
    _current, _session_id = None, None
    _lock, _ended = threading.Lock(), threading.Condition()
    _running.clear()
    flow_run_var.set(None)
    task_run_var.set(None)
    transaction_var.set(None)


os.register_at_fork(after_in_child=_forget_after_fork)
