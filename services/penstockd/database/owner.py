"""Which server owns a store, so that embedded programs find it and a second one is refused."""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from penstock.errors import PenstockError
from penstockd.database.file_lock import let_go, open_lock, try_lock
from penstockd.database.private_files import private_folder

_FILE = "owner"
# Whoever asks for the owner holds a shared lock for a moment; so does who writes its name.
_TRIES, _PAUSE = 40, 0.005


class StoreOwned(PenstockError):
    """Another server owns this store: use it at its address, or stop it first."""

    def __init__(self, pid: int, address: str) -> None:
        super().__init__(
            f"process {pid} serves this store at {address}: use it there, or stop it first",
            pid=str(pid),
            address=address,
        )
        self.pid = pid
        self.address = address


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """`socket` is the path of the one that is for programs of the same user."""

    pid: int
    address: str
    socket: str = ""

    @property
    def target(self) -> str:
        """Return where programs of the same user reach it."""
        return f"unix:{self.socket}" if self.socket else self.address


class StoreOwnership:
    """Held until it is closed or its process dies: the lock counts, not the pid."""

    def __init__(self, descriptor: int, owner: Owner) -> None:
        self._descriptor = descriptor
        self.owner = owner

    def close(self) -> None:
        let_go(self._descriptor)


def claim_ownership(
    store_folder: Path, pid: int, address: str, *, socket: str = ""
) -> StoreOwnership:
    """Raises StoreOwned."""
    private_folder(store_folder)
    descriptor = open_lock(store_folder / _FILE)
    for _ in range(_TRIES):
        if try_lock(descriptor):
            owner = Owner(pid=pid, address=address, socket=socket)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(asdict(owner)).encode(), 0)
            return StoreOwnership(descriptor, owner)
        time.sleep(_PAUSE)
    let_go(descriptor)
    other = owner_of(store_folder)
    if other is None:  # it died this very moment
        return claim_ownership(store_folder, pid, address, socket=socket)
    raise StoreOwned(other.pid, other.address)


def owner_of(store_folder: Path) -> Owner | None:
    """Return the living server of a store, None if there is none."""
    try:
        descriptor = os.open(store_folder / _FILE, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        for _ in range(_TRIES):
            if try_lock(descriptor, shared=True):
                return None
            owner = _parsed(os.pread(descriptor, 4096, 0))
            if owner is not None:
                return owner
            time.sleep(_PAUSE)
        return None
    finally:
        os.close(descriptor)


def _parsed(text: bytes) -> Owner | None:
    try:
        return Owner(**json.loads(text))
    except (ValueError, TypeError):  # it is being written
        return None
