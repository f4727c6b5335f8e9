"""Says why a port cannot be listened on: which process has it. Only Linux tells which."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from penstock.redaction import redacted

PROC = Path("/proc")
TABLES = ("net/tcp", "net/tcp6")
LISTENS = "0A"
LONGEST_COMMAND = 120


def lack_of(host: str, port: int) -> str:
    """Return why nobody can begin to listen there; empty when somebody can."""
    bare = host.strip("[]")
    try:
        [(family, kind, _, _, address), *_] = socket.getaddrinfo(
            bare, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"{holder_of(port)} uses it"
        return str(error.strerror)
    return ""


def holder_of(port: int) -> str:
    """Return the process that listens on the port, in words."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(port)}
    for folder in PROC.glob("[0-9]*"):
        if sockets & set(_open_files(folder)):
            return f"process {folder.name} ({_command(folder)})"
    return "another process"


def _inodes(port: int) -> Iterator[str]:
    for table in TABLES:
        with suppress(OSError):
            for line in (PROC / table).read_text().splitlines()[1:]:
                _, local, _, state, *rest = line.split()
                if state == LISTENS and int(local.rpartition(":")[2], 16) == port:
                    yield rest[5]


def _open_files(process: Path) -> Iterator[str]:
    # It may end meanwhile, or belong to somebody else.
    with suppress(OSError):
        for file in (process / "fd").iterdir():
            with suppress(OSError):
                yield str(file.readlink())


def _command(process: Path) -> str:
    try:
        words = (process / "cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    except OSError:
        return "it ends"
    text = " ".join(os.fsdecode(word) for word in words)
    shortened = text if len(text) <= LONGEST_COMMAND else f"{text[:LONGEST_COMMAND]} …"
    return redacted(shortened)
