"""Folders and files that only their owner may read, whatever the umask of the process.

The umask itself is left alone: it belongs to the program that a store is embedded in.
"""

import errno
import logging
import os
import stat
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)

FOLDER_MODE = 0o700
FILE_MODE = 0o600
_OF_OTHERS = 0o077


def private_folder(folder: Path) -> None:
    """Make the folder and what is missing above it; one that is too open is tightened.

    A folder of somebody else, such as a mounted volume, is taken as it is, and told of.
    """
    _make(folder)
    _tighten(folder, FOLDER_MODE)


def private_parent(path: Path) -> None:
    """Make the folder of a file unless it is there: then it may be for other things too."""
    _make(path.parent)


def private_file(path: Path) -> None:
    """Make the file unless it is there; one that is too open is tightened.

    An existing one is not opened: to close it would set free the locks that SQLite holds on
    it elsewhere in this process.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE))
    _tighten(path, FILE_MODE)


def _make(folder: Path) -> None:
    if folder.is_dir():
        return
    if folder.parent != folder:
        _make(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(FOLDER_MODE)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))


def _tighten(path: Path, mode: int) -> None:
    found = path.stat().st_mode
    # Everybody's folder, such as /tmp, must not become ours alone.
    if not found & _OF_OTHERS or found & stat.S_ISVTX:
        return
    try:
        path.chmod(mode)
    except PermissionError:
        logger.warning("files.open_to_others", extra={"path": str(path)})
