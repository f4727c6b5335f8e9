"""A second runtime, whose children are tasks of this event loop: no process, pipe or signal."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count

from penstockd.executor.rules.stopping import StopStage
from penstockd.executor.rules.work import Launch
from penstockd.executor.runtimes import Cancel, CannotStart, Exit, Handle, Job, Keep

ROOM = 64 * 1024
Body = Callable[["TaskChild"], Awaitable[int]]


class Stream:
    """Who writes waits while nobody reads."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._ended = False
        self._changed = asyncio.Condition()

    async def read(self, n: int, /) -> bytes:
        async with self._changed:
            await self._changed.wait_for(lambda: self._held or self._ended)
            data = bytes(self._held[:n])
            del self._held[:n]
            self._changed.notify_all()
            return data

    async def write(self, data: bytes) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._held) < ROOM or self._ended)
            self._held += data
            self._changed.notify_all()

    async def end(self) -> None:
        async with self._changed:
            self._ended = True
            self._changed.notify_all()


class TaskChild:
    """`on_terminate` is what a body does instead of ending when it is asked to terminate."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.orders: asyncio.Queue[Cancel] = asyncio.Queue()
        self.on_terminate: Callable[[], object] | None = None
        self.closed = False
        self._streams = {"stdout": Stream(), "stderr": Stream()}
        self.output = list(self._streams.items())
        self._task: asyncio.Task[int] | None = None
        self._hardest = StopStage.NONE
        self._hints: set[asyncio.Task[None]] = set()

    @property
    def is_over(self) -> bool:
        return self._task is None or self._task.done()

    async def say(self, line: str, *, to: str = "stdout") -> None:
        await self._streams[to].write(f"{line}\n".encode())

    def hint(self, line: str) -> None:
        self._hints.add(asyncio.create_task(self.say(line)))

    def begin(self, body: Body) -> None:
        self._task = asyncio.create_task(self._run(body))

    async def deliver(self, order: Cancel) -> None:
        self.orders.put_nowait(order)

    async def stop(self, stage: StopStage) -> None:
        if self._task is None or self._task.done():
            return
        if stage is StopStage.TERMINATE and self.on_terminate is not None:
            self.on_terminate()
            return
        self._hardest = max(self._hardest, stage)
        self._task.cancel()

    async def wait(self) -> Exit:
        assert self._task is not None
        await asyncio.wait([self._task])
        if self._task.cancelled():
            return Exit(message=f"ended by {self._hardest.name}", interrupted=True)
        return Exit(code=self._task.result(), message=f"exit code {self._task.result()}")

    async def close(self) -> None:
        self.closed = True

    async def _run(self, body: Body) -> int:
        try:
            return await body(self)
        finally:
            for stream in self._streams.values():
                await stream.end()


class TaskRuntime:
    name = "task"
    note = ""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._numbers = count(1)
        self._children: dict[Handle, TaskChild] = {}

    async def start(self, launch: Launch, job: Job, *, keep: Keep) -> TaskChild:
        if launch.interpreter:
            raise CannotStart(f"cannot start {launch.interpreter}: tasks have no interpreter")
        handle = Handle(f"task {next(self._numbers)}")
        await keep(handle)
        child = self._children[handle] = TaskChild(job)
        child.begin(self._body)
        return child

    async def find(self, handle: Handle) -> TaskChild | None:
        child = self._children.get(handle)
        return None if child is None or child.is_over else child
