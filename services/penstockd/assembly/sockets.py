"""Where a store's server listens for programs of the same user, and for nobody else."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from penstockd.chassis.config import ConfigError
from penstockd.database.failures import from_os
from penstockd.database.private_files import private_folder

SCHEME = "unix:"
# The kernel has room for 108 bytes, other systems for less; a NUL ends it.
LONGEST_PATH = 100
FRONT = "penstock"
SUPERUSER = 0


def socket_of(store: Path, name: str = FRONT) -> Path:
    """Return the path of the socket in a store's folder.

    One too long for a socket is replaced by one in the folder of the user's session.

    Raises ConfigError, StorageFull, and StorageUnavailable for a folder that cannot be used.
    """
    path = store.absolute() / f"{name}.sock"
    if len(os.fsencode(path)) > LONGEST_PATH:
        mark = sha256(os.fsencode(store.absolute())).hexdigest()[:16]
        path = _runtime_folder() / f"{mark}-{name}.sock"
    return _usable(path)


def given_socket(path: str) -> Path:
    """Return the path that somebody has named. Raises ConfigError."""
    return _usable(Path(path).absolute())


def target_of(path: Path) -> str:
    """Return what a client is given for a socket."""
    return f"{SCHEME}{path}"


def _runtime_folder() -> Path:
    if given := os.environ.get("XDG_RUNTIME_DIR"):
        return Path(given) / FRONT
    return Path(tempfile.gettempdir()) / f"{FRONT}-{os.getuid()}"


def _usable(path: Path) -> Path:
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise ConfigError(
            f"the path of the socket {path} is too long: set PENSTOCK_HOME or XDG_RUNTIME_DIR "
            "to a shorter one"
        )
    try:
        _be_ours(path.parent)
    except OSError as error:
        raise from_os(error, path.parent) from None
    return path


def _be_ours(folder: Path) -> None:
    """Who owns the folder of a socket may put another one in its place."""
    private_folder(folder)
    found = folder.lstat()
    if found.st_uid not in (os.getuid(), SUPERUSER):
        raise ConfigError(
            f"{folder} belongs to another user (id {found.st_uid}), who could answer "
            "in place of this server: set PENSTOCK_HOME or XDG_RUNTIME_DIR to a "
            "folder of your own"
        )
