"""Where each service listens, and where it finds the others."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from penstockd.assembly.services import SERVICES
from penstockd.assembly.sockets import SCHEME, given_socket, socket_of, target_of
from penstockd.chassis.config import ConfigError

# What serves all of them is named and reached so.
ALL, ALL_PORT = "all", 7470

# Where a server listens on all of them, a caller needs one.
EVERY_INTERFACE = re.compile(r"^(0\.0\.0\.0|\[::\]):")

Addresses = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where a server listens: on a port, on a socket of this machine, or on both."""

    host: str = ""
    port: int = 0
    socket: Path | None = None

    @property
    def address(self) -> str:
        if self.host:
            return f"{self.host}:{self.port}"
        return target_of(self.socket) if self.socket else ""

    @property
    def told_to_others(self) -> str:
        """Return where others reach it; empty when that cannot be known here."""
        return "" if EVERY_INTERFACE.match(self.address) else self.address


def read_listen(listen: str, *, service: str) -> Listening:
    """Return the service's own port by default; port 0 becomes an unused one.

    Raises ConfigError.
    """
    if listen.startswith(SCHEME):
        return Listening(socket=given_socket(listen.removeprefix(SCHEME)))
    own_port = ALL_PORT if service == ALL else SERVICES[service].port
    host, _, port = (listen or f"127.0.0.1:{own_port}").rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise ConfigError(
            f"--listen {listen!r} is not a valid address: write HOST:PORT or unix:PATH"
        )
    return Listening(host=host, port=int(port) or _unused_port(host))


def together(listening: Listening, store: Path, *, separate: bool) -> Addresses:
    """Return the address of each service behind `penstock up`, by name.

    In one process all share its socket; separate ones take the ports after its own, or have
    sockets of theirs if it has no port.
    """
    if not separate:
        shared = target_of(listening.socket) if listening.socket else listening.address
        return dict.fromkeys(SERVICES, shared)
    if not listening.host:
        return {service: target_of(socket_of(store, service)) for service in SERVICES}
    first = listening.port
    return {
        service: f"127.0.0.1:{first + number}" for number, service in enumerate(SERVICES, 1)
    }


def those_of_others(service: str, environ: Mapping[str, str]) -> Addresses:
    """Return what the environment says of the others: one address for all, or one for each.

    Raises ConfigError when a service that this one calls has none.
    """
    everything = environ.get("PENSTOCK_ADDRESS", "")
    found = {
        other: environ.get(f"PENSTOCK_{other.upper()}_ADDRESS") or everything
        for other in SERVICES
    }
    for other in SERVICES[service].calls:
        if not found[other]:
            raise ConfigError(
                f"the {service} service calls the {other} service: set "
                f"PENSTOCK_{other.upper()}_ADDRESS=host:port, or PENSTOCK_ADDRESS for all"
            )
    return {other: address for other, address in found.items() if address}


def _unused_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host.strip("[]"), 0))
        return int(probe.getsockname()[1])
