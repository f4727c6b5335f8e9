"""What the URL of a database says."""

from pathlib import Path

from penstock.errors import InvalidArgument
from penstockd.database.ports import Dialect

_SQLITE = "sqlite:///"


def dialect_of(url: str) -> Dialect:
    """Raises InvalidArgument."""
    match url.partition(":")[0]:
        case "sqlite":
            return "sqlite"
        case "postgresql" | "postgres":
            return "postgresql"
        case _:
            raise InvalidArgument(
                f"{url!r} is no database: use sqlite:///path or postgresql://host/database"
            )


def sqlite_path(url: str) -> Path:
    """Return the file of `sqlite:///relative` or `sqlite:////absolute`, taken as it stands."""
    path = url.removeprefix(_SQLITE)
    if not path or path == url:
        raise InvalidArgument(f"{url!r} names no file: use {_SQLITE}path")
    return Path(path)


def sqlite_url(path: Path) -> str:
    return f"{_SQLITE}{path}"
