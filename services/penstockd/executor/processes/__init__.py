"""How processes are started and told apart on this machine: the port."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from penstockd.executor.rules.execution import ProcessMark


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is started, and the variables that it gets beside those of this process."""

    argv: tuple[str, ...]
    environment: Mapping[str, str]


class ByteStream(Protocol):
    async def read(self, n: int, /) -> bytes:
        """Return some bytes as soon as there are any, none at the end."""


class ChildProcess(Protocol):
    """A process in a session of its own. It knows its parent's end by the end of its pipe."""

    @property
    def mark(self) -> ProcessMark: ...

    @property
    def output(self) -> Sequence[tuple[str, ByteStream]]:
        """Its standard output and standard error, by name."""

    def deliver(self, message: bytes) -> None:
        """Write to its pipe; one that is gone does not mind."""

    def signal(self, number: int) -> None:
        """Send a signal to all of its group that is left."""

    async def exited(self) -> int:
        """Return the exit code, minus the signal if it was killed; its group is gone then."""

    def close(self) -> None:
        """Let go of its pipes, even if something still holds their other ends."""


class Processes(Protocol):
    async def start(self, command: Command) -> ChildProcess:
        """Raises CannotStart."""

    def own_mark(self) -> ProcessMark:
        """Return the mark of this process."""

    def is_alive(self, mark: ProcessMark) -> bool:
        """Tell whether this very process still exists, and not a later one of its id."""

    def kill_left_behind(self, mark: ProcessMark) -> bool:
        """Kill what is left of its group; tell whether there was anything."""


class CannotStart(Exception):
    """The process could not be started: the interpreter is missing, or the machine is full."""
