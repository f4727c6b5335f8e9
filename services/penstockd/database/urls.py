"""What the URL of a database says, and how it is shown: it may hold a password."""

import re
from pathlib import Path

from penstock.errors import InvalidArgument
from penstockd.database.ports import Dialect

_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql", "postgres")
_ENCODE = "write / ? # @ : and % in a user, password or parameter as %2F %3F %23 %40 %3A %25"
# Hosts may be several, and a socket's folder stands among the parameters.
_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]*(?:%\w+)?\]|[\w.-]*)(?::(?P<port>[0-9]*))?")
_SHOWN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
HIGHEST_PORT = 65_535


def dialect_of(url: str) -> Dialect:
    """Raises InvalidArgument, which shows nothing of a URL that might be a password."""
    scheme, divided, _ = url.partition(":")
    if scheme == "sqlite" and divided:
        return "sqlite"
    if scheme in _POSTGRES and url.startswith(f"{scheme}://"):
        _check_postgres(url)
        return "postgresql"
    make, plus, driver = scheme.partition("+")
    if plus and make in _POSTGRES:
        raise InvalidArgument(f"{shown(url)} has a driver: write it without +{driver}")
    raise InvalidArgument(
        f"{shown(url)} is not a valid database URL: use sqlite:///path or postgresql://host/database"
    )


def sqlite_path(url: str) -> Path:
    """Return the file of `sqlite:///relative` or `sqlite:////absolute`, taken as it stands."""
    path = url.removeprefix(_SQLITE)
    if not path or path == url:
        raise InvalidArgument(f"{shown(url)} has no file: use {_SQLITE}path")
    return Path(path)


def sqlite_url(path: Path) -> str:
    return f"{_SQLITE}{path}"


def shown(url: str) -> str:
    """Return what may be printed of a URL: scheme, hosts and database, if it is clear which."""
    scheme = _SHOWN.match(url)
    if scheme is None:
        return "the URL"
    hosts, path, parameters = _parts(url)
    hosts = hosts.rpartition("@")[2]
    if "@" in path + parameters or not _are_hosts(hosts):
        return f"{scheme[0]}…"
    return f"{scheme[0]}{hosts}{path}"


def _check_postgres(url: str) -> None:
    hosts, path, parameters = _parts(url)
    hosts = hosts.rpartition("@")[2]
    if "@" in path + parameters:
        raise InvalidArgument(f"{shown(url)} has an @ after its host: {_ENCODE}")
    if not _are_hosts(hosts):
        raise InvalidArgument(
            f"{shown(url)} has no host, or a port that is not from 1 to "
            f"{HIGHEST_PORT}: write postgresql://user:password@host:port/database, "
            f"and {_ENCODE}"
        )


def _are_hosts(text: str) -> bool:
    found = [_HOST.fullmatch(each) for each in text.split(",")]
    return all(each and _is_port(each["port"]) for each in found)


def _is_port(text: str | None) -> bool:
    return not text or 0 < int(text) <= HIGHEST_PORT


def _parts(url: str) -> tuple[str, str, str]:
    """Return user and hosts, the path, and what stands behind a ? or #."""
    rest = url.partition("://")[2]
    before = re.split(r"[?#]", rest, maxsplit=1)[0]
    parameters = rest[len(before) :]
    authority, slash, name = before.partition("/")
    return authority, slash + name, parameters
