"""What the URL of a database says."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from penstock.errors import InvalidArgument
from penstockd.database.ports import Dialect


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
    """Return the file of `sqlite:///relative` or `sqlite:////absolute`."""
    parts = urlsplit(url)
    path = unquote(parts.path).removeprefix("/")
    if not path or parts.netloc:
        raise InvalidArgument(f"{url!r} names no file: use sqlite:///path")
    return Path(path)


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"
