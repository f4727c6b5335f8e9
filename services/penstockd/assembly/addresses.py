"""Where each service listens, and where it finds the others."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping

from penstockd.assembly.services import SERVICES
from penstockd.chassis.config import ConfigError

# What serves all of them is named and reached so.
ALL, ALL_PORT = "all", 7470

# Where a server listens on all of them, a caller needs one.
EVERY_INTERFACE = re.compile(r"^(0\.0\.0\.0|\[::\]):")

Addresses = Mapping[str, str]


def read_listen(listen: str, *, service: str) -> tuple[str, int]:
    """Return host and port, the service's own by default; port 0 becomes an unused one.

    Raises ConfigError.
    """
    own_port = ALL_PORT if service == ALL else SERVICES[service].port
    host, _, port = (listen or f"127.0.0.1:{own_port}").rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise ConfigError(f"--listen {listen!r} is no address: write HOST:PORT")
    return host, int(port) or _unused_port(host)


def told_to_others(host: str, port: int) -> str:
    """Return where others reach what listens here; empty when that cannot be known here."""
    address = f"{host}:{port}"
    return "" if EVERY_INTERFACE.match(address) else address


def together(host: str, port: int, *, separate: bool) -> Addresses:
    """Return the address of each service behind `penstock up`, by name.

    In one process all share its port; separate ones take the ports after it.
    """
    if not separate:
        return dict.fromkeys(SERVICES, f"{host}:{port}")
    return {service: f"127.0.0.1:{port + number}" for number, service in enumerate(SERVICES, 1)}


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
