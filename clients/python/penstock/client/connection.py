"""A connection: a channel to each service, and who this process is to them.

Without an address, the services run in this process over the store in the user's data
folder; if a `penstock up` owns that store, the process attaches to it instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import grpc

from penstock import telemetry
from penstock.errors import PenstockError, StorageFull, StorageUnavailable
from penstock.exceptions import ForkedProcess
from penstock.ground.loop_thread import LoopThread
from penstock.ground.patience import Patience
from penstock.ground.settings import SERVICES, Target
from penstock.wire_channels import open_channel, with_call_defaults

T = TypeVar("T")

# What the services' deadlines leave for a last word when the process ends.
CLOSING_SECONDS = 5.0
LAST_WORDS_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """A channel to each service, and what closes them."""

    by_service: Mapping[str, grpc.aio.Channel]
    closers: list[Any]
    # Of each service; empty when they run in this process.
    addresses: Mapping[str, str] = field(default_factory=dict)


class Connection:
    """Open until `close`; all calls are made by its loop's thread."""

    def __init__(
        self, loop: LoopThread, channels: Channels, *, session_id: UUID, namespace: str
    ) -> None:
        self.loop = loop
        self.session_id, self.namespace = str(session_id), namespace
        self.embedded = not channels.addresses
        # Where the state service is; empty when it runs in this process.
        self.state_address = channels.addresses.get("state", "")
        self.state = channels.by_service["state"]
        self.scheduler = channels.by_service["scheduler"]
        self.artifact = channels.by_service["artifact"]
        # How calls to each service outlast that it is away.
        self.patience = {service: Patience(service) for service in SERVICES}
        self._closers = channels.closers
        self._parts: dict[object, Any] = {}
        self._last_words: set[Future[Any]] = set()

    def part(self, kind: Callable[[Connection], T]) -> T:
        """Return the one object of this kind that is made for the connection."""
        found = self._parts.get(kind)
        if found is None:
            # Two threads may make one each; both get the one that came first.
            found = self._parts.setdefault(kind, kind(self))
        return found  # type: ignore[no-any-return]

    def close_after(self, word: Future[Any]) -> None:
        """Do not close before this is said, or a moment has passed."""
        self._last_words.add(word)
        word.add_done_callback(self._last_words.discard)

    def close(self) -> None:
        """Let the last words be said, and end the channels and the loop."""
        wait(tuple(self._last_words), LAST_WORDS_SECONDS)
        try:
            self.loop.submit(self._close_channels()).result(CLOSING_SECONDS)
        except TimeoutError:
            pass
        finally:
            self.loop.stop()
            telemetry.shutdown()

    async def _close_channels(self) -> None:
        for close_one in self._closers:
            await close_one()


def open_connection(
    target: Target, *, session_id: UUID, before_dialling: Callable[[], object]
) -> Connection:
    """Connect to the services of a target; `before_dialling` may refuse the use of gRPC.

    Raises:
        StorageUnavailable: its store cannot be used.
        StorageFull: there has been no room for a new store for as long as a person is patient.
        ForkedProcess: it cannot be used from this process.
    """
    telemetry.configure("penstock")
    loop = LoopThread()
    opening = Patience("state").for_a_while(
        lambda: _channels(target, session_id, before_dialling), passing=_lacks_room
    )
    try:
        channels = loop.run(opening)
    except BaseException:
        loop.stop()
        raise
    return Connection(loop, channels, session_id=session_id, namespace=target.namespace)


def _lacks_room(error: PenstockError) -> bool:
    """A new store needs some; whatever else hinders its opening is said at once."""
    return isinstance(error, StorageFull)


async def _channels(
    target: Target, session_id: UUID, before_dialling: Callable[[], object]
) -> Channels:
    if target.addresses:
        return _dialled(target.addresses, before_dialling)
    from penstockd.assembly import is_unfit, open_embedded, owner_address

    with _told(target.store):
        owner = owner_address(target.store)
        if not owner:
            if is_unfit():
                raise ForkedProcess(
                    "this process was forked while its parent wrote to the store, so it "
                    "cannot use the store: start it by multiprocessing's 'spawn' or "
                    "'forkserver' method, or by subprocess"
                )
            services = await open_embedded(target.store, session_id=session_id)
            return Channels(
                by_service=dict.fromkeys(SERVICES, services.channel), closers=[services.close]
            )
    return _dialled(dict.fromkeys(SERVICES, owner), before_dialling)


def _dialled(addresses: Mapping[str, str], before_dialling: Callable[[], object]) -> Channels:
    """Each service is connected to when it is first asked: most runs need not all of them."""
    before_dialling()
    by_address = {
        address: with_call_defaults(open_channel(address), address)
        for address in set(addresses.values())
    }
    return Channels(
        by_service={service: by_address[address] for service, address in addresses.items()},
        closers=[channel.close for channel in by_address.values()],
        addresses=addresses,
    )


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
