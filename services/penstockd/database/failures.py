"""Maps driver errors to the errors of the contract.

What a driver says stays the cause of the error, for logs: callers hear our words alone.
"""

import errno
import sqlite3

from penstock.errors import InvalidArgument, PenstockError, StorageFull, StorageUnavailable


class ConstraintViolated(Exception):
    """A row breaks a constraint of its table: decide with on-conflict before writing it."""


# Primary result codes of SQLite: https://sqlite.org/rescode.html
_UNAVAILABLE = {
    5: "another program holds the store",
    6: "another program holds the store",
    8: "the store is read-only",
    10: "the disk of the store has errors",
    11: "the store is damaged: restore a backup",
    14: "the store cannot be opened",
    15: "the store cannot be locked",
    26: "this is not a SQLite database: restore a backup or set PENSTOCK_HOME to "
    "another folder",
}
_FULL, _CONSTRAINT = 13, 19
# The index of the log cannot grow: an I/O error by its primary code.
_SHM_SIZE = sqlite3.SQLITE_IOERR_SHMSIZE
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


def from_sqlite(error: sqlite3.Error) -> Exception:
    """Map a driver error; a programming error stays what it is."""
    extended = getattr(error, "sqlite_errorcode", 0)
    code = extended & 0xFF
    if code == _FULL or extended == _SHM_SIZE:
        return StorageFull("the disk of the store is full")
    if code == _CONSTRAINT:
        return ConstraintViolated(str(error))
    if code in _UNAVAILABLE:
        return StorageUnavailable(_UNAVAILABLE[code])
    return error


def from_os(error: OSError, path: object) -> PenstockError:
    """Say what cannot be done with a file of the store, and what helps."""
    if error.errno in _NO_ROOM:
        return StorageFull(f"the disk of {path} is full")
    return StorageUnavailable(
        f"{path} cannot be used ({error.strerror}): set PENSTOCK_HOME to a folder that you may "
        "write to"
    )


# SQLSTATE, or its class in two characters: PostgreSQL's appendix A.
_STATES: dict[str, tuple[type[PenstockError], str]] = {
    "22021": (InvalidArgument, "text may not contain a NUL character"),
    "22P05": (InvalidArgument, "text may not contain a NUL character"),
    "53100": (StorageFull, "the disk of the database is full"),
    "40": (StorageUnavailable, "another transaction was in the way: call again"),
    "55P03": (StorageUnavailable, "another transaction has locked the row: call again"),
    "57014": (StorageUnavailable, "the database took too long"),
    "08": (StorageUnavailable, "the connection to the database broke"),
    "25P03": (StorageUnavailable, "the transaction was idle for too long"),
    "53": (StorageUnavailable, "the database is out of resources"),
    "25006": (StorageUnavailable, "the database is read-only"),
    "28": (StorageUnavailable, "the database refused the user or the password"),
    "3D": (StorageUnavailable, "the database does not exist"),
    "XX": (StorageUnavailable, "the database had an error"),
    "57P": (StorageUnavailable, "the database is shutting down or starting"),
    "58": (StorageUnavailable, "the database had a system error"),
}


def from_sqlstate(state: str, error: Exception) -> Exception:
    """As from_sqlite, for an error of PostgreSQL."""
    for key in (state, state[:3], state[:2]):
        if key in _STATES:
            kind, text = _STATES[key]
            return kind(text)
    return ConstraintViolated(str(error)) if state.startswith("23") else error
