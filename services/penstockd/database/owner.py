"""Which server owns a store, so that embedded programs find it and a second one is refused."""

import json
import os
import time
from dataclasses import dataclass
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
    pid: int
    address: str


class StoreOwnership:
    """Held until it is closed or its process dies: the lock counts, not the pid."""

    def __init__(self, descriptor: int, owner: Owner) -> None:
        self._descriptor = descriptor
        self.owner = owner

    def close(self) -> None:
        let_go(self._descriptor)


def claim_ownership(store_folder: Path, pid: int, address: str) -> StoreOwnership:
    """Raises StoreOwned."""
    private_folder(store_folder)
    descriptor = open_lock(store_folder / _FILE)
    for _ in range(_TRIES):
        if try_lock(descriptor):
            text = json.dumps({"pid": pid, "address": address}).encode()
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, text, 0)
            return StoreOwnership(descriptor, Owner(pid=pid, address=address))
        time.sleep(_PAUSE)
    let_go(descriptor)
    owner = owner_of(store_folder)
    if owner is None:  # it died this very moment
        return claim_ownership(store_folder, pid, address)
    raise StoreOwned(owner.pid, owner.address)


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
