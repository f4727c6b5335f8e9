"""Liveness: a lock that a process holds on a file of its own, until it dies."""

import os
from pathlib import Path
from uuid import UUID

from penstockd.database.file_lock import let_go, open_lock, try_lock
from penstockd.database.private_files import private_folder

_FOLDER = "alive"


class SignOfLife:
    """From now on `is_alive(folder, id)` everywhere, until this process closes it or dies."""

    def __init__(self, store_folder: Path, process_id: UUID) -> None:
        self._path = _path(store_folder, process_id)
        private_folder(store_folder)
        private_folder(self._path.parent)
        # Locked before it has its name: a file without a lock is taken for dead.
        unnamed = self._path.with_name(f".{process_id}")
        self._descriptor = open_lock(unnamed)
        if not try_lock(self._descriptor):
            let_go(self._descriptor)
            raise ValueError(f"process id {process_id} is in use")
        unnamed.rename(self._path)

    def close(self) -> None:
        self._path.unlink(missing_ok=True)
        let_go(self._descriptor)


def is_alive(store_folder: Path, process_id: UUID) -> bool:
    """Say whether that process still runs; the file of a dead one is removed."""
    path = _path(store_folder, process_id)
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        if not try_lock(descriptor):
            return True
        path.unlink(missing_ok=True)
        return False
    finally:
        os.close(descriptor)


def _path(store_folder: Path, process_id: UUID) -> Path:
    return store_folder / _FOLDER / str(process_id)
