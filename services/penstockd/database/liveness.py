"""Liveness: a lock that a process holds on a file of its own, until it dies."""

import os
import time
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from penstockd.database.file_lock import let_go, open_lock, try_lock
from penstockd.database.private_files import private_folder

_FOLDER = "alive"
_TRIES, _PAUSE = 40, 0.005


class SignOfLife:
    """From now on `is_alive(folder, id)` everywhere, until this process closes it or dies."""

    def __init__(self, store_folder: Path, process_id: UUID) -> None:
        self._path = _path(store_folder, process_id)
        private_folder(store_folder)
        private_folder(self._path.parent)
        # Locked before it has its name: a file without a lock is taken for dead.
        unnamed = self._path.with_name(f".{process_id}")
        self._descriptor = _locked(unnamed)
        unnamed.rename(self._path)
        _remove_the_dead(self._path.parent)

    def close(self) -> None:
        self._path.unlink(missing_ok=True)
        let_go(self._descriptor)


def is_alive(store_folder: Path, process_id: UUID) -> bool:
    """Say whether that process still runs; the file of a dead one is removed."""
    try:
        return not _remove_if_dead(_path(store_folder, process_id))
    except FileNotFoundError:
        return False


def _locked(path: Path) -> int:
    """Return the file, open and locked."""
    for _ in range(_TRIES):
        descriptor = open_lock(path)
        if try_lock(descriptor) and os.fstat(descriptor).st_nlink:
            return descriptor
        # Who removes the dead came between: it holds the lock for a moment, and takes the name.
        let_go(descriptor)
        time.sleep(_PAUSE)
    raise ValueError(f"process id {path.name[1:]} is in use")


def _remove_the_dead(folder: Path) -> None:
    """A process that was killed early is one of which nobody else ever asks."""
    for path in folder.iterdir():
        # What is no file is not ours; a file may go while we look.
        with suppress(OSError):
            _remove_if_dead(path)


def _remove_if_dead(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDWR)
    try:
        if not try_lock(descriptor):
            return False
        # Held until it is gone: nobody else can lock it meanwhile and take it for its own.
        path.unlink(missing_ok=True)
        return True
    finally:
        os.close(descriptor)


def _path(store_folder: Path, process_id: UUID) -> Path:
    return store_folder / _FOLDER / str(process_id)
