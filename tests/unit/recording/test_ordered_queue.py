"""What is recorded arrives in order and once, and nobody waits for ever for what does not."""

import asyncio
import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from hanging import HANG_LIMIT
from penstock.errors import (
    DeadlineExceeded,
    InvalidArgument,
    LeaseLost,
    PenstockError,
    StorageFull,
    Unavailable,
)
from penstock.ground import patience
from penstock.ground.loop_thread import LoopThread
from penstock.ground.patience import Patience
from penstock.recording import ordered_queue
from penstock.recording.ordered_queue import OrderedQueue, Way


@pytest.fixture
def loop() -> Iterator[LoopThread]:
    started = LoopThread()
    yield started
    started.stop()


class Server:
    """Takes batches as long as it is there; `fails` raises when it is not."""

    def __init__(self, fails: Callable[[], object] = lambda: None) -> None:
        self.taken: list[int] = []
        self.fails = fails

    async def take(self, first: int, batch: list[int], /) -> None:
        self.fails()
        assert first == len(self.taken) + 1
        self.taken += batch


def queue_to(server: Server, loop: LoopThread) -> OrderedQueue[int]:
    return queue_by(Way(loop=loop, patience=Patience("state")), server)


def queue_by(way: Way, server: Server) -> OrderedQueue[int]:
    return OrderedQueue(way, server.take, lambda _item: 1)


def test_a_server_that_is_away_for_a_while_misses_nothing(loop: LoopThread) -> None:
    calls = iter(range(3))

    def away_at_first() -> None:
        if next(calls, None) is not None:
            raise Unavailable("away")

    server = Server(away_at_first)
    queue = queue_to(server, loop)
    for number in range(5_000):
        queue.append(number)
    queue.barrier().result(HANG_LIMIT)
    assert server.taken == list(range(5_000))


class Door:
    """Lets nothing in until it is opened; `knocked` once it has turned somebody away."""

    def __init__(self, error: PenstockError) -> None:
        self._error = error
        self._open, self.knocked = threading.Event(), threading.Event()

    def __call__(self) -> None:
        if not self._open.is_set():
            self.knocked.set()
            raise self._error

    def open(self) -> None:
        self._open.set()


AWAY = [Unavailable("away"), DeadlineExceeded("late"), StorageFull("no room")]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LONGEST_PAUSE", 0.02)
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(StorageFull, "retry_after", timedelta(milliseconds=20))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("error", AWAY, ids=lambda it: it.reason)
def test_patience_has_no_end_and_what_is_too_much_for_memory_is_on_disk(
    loop: LoopThread, monkeypatch: pytest.MonkeyPatch, error: PenstockError
) -> None:
    # Whatever a person's patience is, that of a run has none.
    monkeypatch.setattr(patience, "PATIENCE", 0.0)
    monkeypatch.setattr(ordered_queue, "BOUND", 1_000)
    monkeypatch.setattr(ordered_queue, "KEPT", 200)
    monkeypatch.setattr(ordered_queue, "LONGEST_BATCH", 100)
    before = its_files()
    door = Door(error)
    server = Server(door)
    queue = queue_to(server, loop)
    queue.append(0)
    assert door.knocked.wait(10)
    marks = []
    # Nobody waits for room, though not one is taken.
    for number in range(1, 5_000):
        queue.append(number)
        if number % 1_000 == 0:
            marks.append(queue.barrier())
    assert server.taken == []
    assert len(queue._items) <= 1_000
    files = its_files() - before
    assert [os.fstat(each).st_mode & 0o777 for each in files] == [0o600]
    assert [os.fstat(each).st_nlink for each in files] == [0]
    door.open()
    queue.barrier().result(HANG_LIMIT)
    assert server.taken == list(range(5_000))
    assert all(mark.done() for mark in marks)
    assert its_files() == before


def its_files() -> set[int]:
    """Return this process's open files that stand in no folder any more."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if "(deleted)" in str(entry.readlink()):
                found.add(int(entry.name))
    return found


@pytest.mark.usefixtures("quick")
def test_large_entries_go_to_disk_before_there_are_many(
    loop: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordered_queue, "KEPT_BYTES", 5)
    monkeypatch.setattr(ordered_queue, "LONGEST_BATCH", 4)
    before = its_files()
    door = Door(Unavailable("away"))
    server = Server(door)
    queue = queue_to(server, loop)
    for number in range(20):
        queue.append(number)
    assert until(lambda: its_files() - before)
    door.open()
    queue.barrier().result(HANG_LIMIT)
    assert server.taken == list(range(20))


@pytest.mark.usefixtures("quick")
def test_without_room_on_disk_writers_wait(
    loop: LoopThread, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(ordered_queue, "BOUND", 20)
    monkeypatch.setattr(ordered_queue, "KEPT", 10)
    monkeypatch.setattr(ordered_queue, "LONGEST_BATCH", 10)

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    door = Door(Unavailable("away"))
    server = Server(door)
    queue = queue_to(server, loop)

    def write() -> None:
        for number in range(50):
            queue.append(number)

    writer = threading.Thread(target=write)
    with caplog.at_level(logging.WARNING, logger="penstock.recording"):
        writer.start()
        assert until(lambda: "cannot be kept on disk" in caplog.text)
    assert writer.is_alive()
    assert caplog.text.count("cannot be kept on disk") == 1
    door.open()
    writer.join(HANG_LIMIT)
    queue.barrier().result(HANG_LIMIT)
    assert server.taken == list(range(50))


def until(true: Callable[[], object]) -> bool:
    end = time.monotonic() + HANG_LIMIT
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


@pytest.mark.usefixtures("quick")
def test_a_service_that_is_away_is_told_of_once_and_its_return_once(
    loop: LoopThread, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(patience, "SAID_AFTER", 0.05)
    door = Door(StorageFull("the disk is full"))
    shared = Way(loop=loop, patience=Patience("state"))
    first, second = queue_by(shared, Server(door)), queue_by(shared, Server(door))
    with caplog.at_level(logging.WARNING, logger="penstock.connection"):
        first.append(1)
        second.append(1)
        assert until(lambda: caplog.messages)
        assert not until_later(lambda: len(caplog.messages) > 1)
        door.open()
        first.barrier().result(HANG_LIMIT)
        second.barrier().result(HANG_LIMIT)
    assert caplog.messages == [
        "The state service does not accept requests at the moment (the disk is full): the run "
        "goes on, and its records are kept here until the service answers",
        "The state service accepts requests again",
    ]


def until_later(true: Callable[[], object]) -> bool:
    """Tell whether it comes about within ten more tries."""
    time.sleep(10 * patience.LONGEST_PAUSE)
    return bool(true())


def test_a_lost_lease_ends_the_queue_and_is_told(loop: LoopThread) -> None:
    told: list[PenstockError] = []

    def lost() -> None:
        raise LeaseLost("somebody else has it")

    way = Way(loop=loop, patience=Patience("state"), when_ended=told.append)
    queue = queue_by(way, Server(lost))
    queue.append(1)
    with pytest.raises(LeaseLost):
        queue.barrier().result(HANG_LIMIT)
    assert [str(each) for each in told] == ["somebody else has it"]
    # Nothing waits for room any more.
    for number in range(3 * ordered_queue.BOUND):
        queue.append(number)


@pytest.mark.parametrize("error", [InvalidArgument("wrong"), UnicodeError("half")])
def test_what_cannot_be_sent_ends_the_waiting(loop: LoopThread, error: Exception) -> None:
    def refuse() -> None:
        raise error

    queue = queue_to(Server(refuse), loop)
    queue.append(1)
    with pytest.raises(PenstockError, match=str(error)):
        queue.barrier().result(HANG_LIMIT)


def test_a_slow_server_makes_writers_wait(
    loop: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordered_queue, "BOUND", 10)
    back = threading.Event()

    class Slow(Server):
        async def take(self, first: int, batch: list[int], /) -> None:
            await asyncio.to_thread(back.wait)
            await super().take(first, batch)

    server = Slow()
    queue = queue_to(server, loop)

    def write() -> None:
        for number in range(50):
            queue.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    writer.join(0.3)
    assert writer.is_alive()
    back.set()
    writer.join(HANG_LIMIT)
    queue.barrier().result(HANG_LIMIT)
    assert server.taken == list(range(50))


def test_a_loop_that_stops_leaves_nobody_waiting(loop: LoopThread) -> None:
    def away() -> None:
        raise Unavailable("away")

    queue = queue_to(Server(away), loop)
    queue.append(1)
    waits = queue.barrier()
    loop.stop()
    with pytest.raises(Unavailable):
        waits.result(HANG_LIMIT)


@pytest.mark.parametrize("raised", [TypeError("no length"), MemoryError()])
def test_whatever_ends_the_sending_nobody_waits_for_ever(
    loop: LoopThread, raised: Exception
) -> None:
    def weigh(_item: int) -> int:
        raise raised

    ended: list[PenstockError] = []
    way = Way(loop=loop, patience=Patience("state"), when_ended=ended.append)
    queue = OrderedQueue(way, Server().take, weigh)
    queue.append(1)
    with pytest.raises(PenstockError, match="something cannot be recorded"):
        queue.barrier().result(HANG_LIMIT)
    queue.append(2)
    with pytest.raises(PenstockError, match="something cannot be recorded"):
        queue.barrier().result(HANG_LIMIT)
    assert ended
