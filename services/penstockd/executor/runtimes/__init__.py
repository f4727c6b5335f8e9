"""How a run's child is started and stopped: the port, with one folder for each pool type.

A child is whatever a runtime starts for one run: a process, a container, a job of a cluster.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NewType, Protocol

from penstockd.executor.rules.stopping import StopStage
from penstockd.executor.rules.work import Launch, Work

# Names a child for as long as anything of it exists; only the runtime that made it reads it.
Handle = NewType("Handle", str)

Keep = Callable[[Handle], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the child is told: its run, the trace it belongs to, and where the services are."""

    work: Work
    traceparent: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """The order to stop by itself, before it is asked to terminate in so long."""

    message: str
    grace: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """How a child ended; it has a code if it exited by itself and somebody saw it.

    One that was not `started` is none: it could not be, or was not wanted any more. One that
    was `interrupted` was killed, or said that it could not begin.
    """

    code: int | None = None
    message: str
    started: bool = True
    interrupted: bool = False


class ByteStream(Protocol):
    async def read(self, n: int, /) -> bytes:
        """Return some bytes as soon as there are any, none at the end."""


class Child(Protocol):
    """Something that a runtime started. One that has gone by itself minds no call."""

    @property
    def output(self) -> Sequence[tuple[str, ByteStream]]:
        """What it writes, as "stdout" and "stderr"; none that cannot be read any more."""

    async def deliver(self, order: Cancel) -> None:
        """Tell the child an order, as long as it can be told."""

    async def stop(self, stage: StopStage) -> None:
        """Ask all that is left of it to terminate, or kill it; return without waiting."""

    async def wait(self) -> Exit:
        """Return how it ended, once nothing of it is left that can be ended."""

    async def close(self) -> None:
        """Let go of its streams, even if something still writes to them."""


class Runtime(Protocol):
    @property
    def name(self) -> str:
        """The type of the pools whose runs it starts."""

    @property
    def note(self) -> str:
        """What the log of each run says of how it is started; empty for nothing."""

    async def start(self, launch: Launch, job: Job, *, keep: Keep) -> Child:
        """Start what the launch names, and hand it the job.

        `keep` is awaited before anything of the user's can run: whatever happens from then on,
        a later executor finds the child by what was kept. If `keep` raises, nothing of the
        child is left.

        Raises CannotStart.
        """

    async def find(self, handle: Handle) -> Child | None:
        """Return what is left of a child of an earlier executor, or None if nothing is."""


class CannotStart(Exception):
    """The child could not be started.

    Its program is missing or none that the runtime starts, or the machine is full.
    """
