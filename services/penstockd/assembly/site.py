"""What services stand on: a folder, a database, a clock, and where the others are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from penstock.errors import StorageUnavailable
from penstockd.chassis.clock import Clock
from penstockd.database.failures import from_os
from penstockd.database.liveness import is_alive
from penstockd.database.ports import Database

PACKAGE = "penstock.api"
STORE_FILE = "penstock.db"
SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One store, and what is known around it.

    `own_address` is where others reach what stands on it; empty when that is not known.
    """

    store: Path
    database: Database
    clock: Clock
    addresses: Mapping[str, str] = field(default_factory=dict)
    own_address: str = ""

    def is_alive(self, session_id: UUID) -> bool:
        """Tell whether a process shows a sign of life in the store's folder."""
        return is_alive(self.store, session_id)


@contextmanager
def naming_the_file(url: str) -> Iterator[None]:
    """Say which file of SQLite cannot be used; the URL of a server may hold a password."""
    try:
        yield
    except StorageUnavailable as error:
        if not url.startswith(SQLITE):
            raise
        raise StorageUnavailable(f"{url.removeprefix(SQLITE)}: {error}") from error.__cause__
    except OSError as error:
        if not url.startswith(SQLITE):
            raise
        raise from_os(error, error.filename or url.removeprefix(SQLITE)) from None


def service_of(full_name: str) -> str:
    """Return `state` for `penstock.api.state.v1.FlowRunService`; empty for a foreign one."""
    package, _, rest = full_name.removeprefix(f"{PACKAGE}.").partition(".")
    return package if rest and full_name.startswith(f"{PACKAGE}.") else ""
