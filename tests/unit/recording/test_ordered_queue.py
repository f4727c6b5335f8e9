"""What is recorded arrives in order and once, and nobody waits for ever for what does not."""

import threading
from collections.abc import Callable, Iterator

import pytest

from penstock.errors import InvalidArgument, PenstockError, Unavailable
from penstock.ground import patience
from penstock.ground.loop_thread import LoopThread
from penstock.recording import ordered_queue
from penstock.recording.ordered_queue import OrderedQueue


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
    return OrderedQueue(loop, server.take, lambda _item: 1)


def test_a_server_that_is_away_for_a_while_misses_nothing(loop: LoopThread) -> None:
    calls = iter(range(3))

    def away_at_first() -> None:
        if next(calls, None) is not None:
            raise Unavailable("away")

    server = Server(away_at_first)
    queue = queue_to(server, loop)
    for number in range(5_000):
        queue.append(number)
    queue.barrier().result(10)
    assert server.taken == list(range(5_000))


def test_a_server_that_stays_away_is_given_up(
    loop: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.2)

    def away() -> None:
        raise Unavailable("away")

    queue = queue_to(Server(away), loop)
    queue.append(1)
    with pytest.raises(Unavailable, match="away"):
        queue.barrier().result(10)
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
        queue.barrier().result(10)


def test_a_full_queue_makes_its_writers_wait(
    loop: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordered_queue, "BOUND", 10)
    back = threading.Event()

    def away() -> None:
        if not back.is_set():
            raise Unavailable("away")

    server = Server(away)
    queue = queue_to(server, loop)

    def write() -> None:
        for number in range(50):
            queue.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    writer.join(0.3)
    assert writer.is_alive()
    back.set()
    writer.join(10)
    queue.barrier().result(10)
    assert server.taken == list(range(50))


def test_a_loop_that_stops_leaves_nobody_waiting(loop: LoopThread) -> None:
    def away() -> None:
        raise Unavailable("away")

    queue = queue_to(Server(away), loop)
    queue.append(1)
    waits = queue.barrier()
    loop.stop()
    with pytest.raises(Unavailable):
        waits.result(5)
