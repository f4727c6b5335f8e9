"""Where a store's server listens for programs of the same user, and for nobody else."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from penstockd.chassis.config import ConfigError
from penstockd.database.private_files import private_folder

SCHEME = "unix:"
# The kernel has room for 108 bytes, other systems for less; a NUL ends it.
LONGEST_PATH = 100
FRONT = "penstock"


def socket_of(store: Path, name: str = FRONT) -> Path:
    """Return a path in the store's folder, or where it is too long, in that of the user's session.

    Raises ConfigError.
    """
    path = store.absolute() / f"{name}.sock"
    if len(os.fsencode(path)) > LONGEST_PATH:
        mark = sha256(os.fsencode(store.absolute())).hexdigest()[:16]
        path = _runtime_folder() / f"{mark}-{name}.sock"
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise ConfigError(
            f"the path of the socket {path} is too long: set PENSTOCK_HOME or XDG_RUNTIME_DIR "
            "to a shorter one"
        )
    _be_ours(path.parent)
    return path


def target_of(path: Path) -> str:
    """Return what a client is given for a socket."""
    return f"{SCHEME}{path}"


def _runtime_folder() -> Path:
    if given := os.environ.get("XDG_RUNTIME_DIR"):
        return Path(given) / FRONT
    return Path(tempfile.gettempdir()) / f"{FRONT}-{os.getuid()}"


def _be_ours(folder: Path) -> None:
    """Who owns the folder of a socket may put another one in its place."""
    private_folder(folder)
    found = folder.lstat()
    if found.st_uid not in (os.getuid(), 0):
        raise ConfigError(
            f"{folder} belongs to another user (id {found.st_uid}), who could answer in "
            "place of this server: set PENSTOCK_HOME or XDG_RUNTIME_DIR to a folder of yours"
        )
