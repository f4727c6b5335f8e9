"""What the environment says of where things are: it loads nothing, so anyone may ask."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from penstock.exceptions import ConfigurationError
from penstock.ground.addresses import checked_address, is_utf8
from penstock.ground.labels import PLAIN_NAME, PLAIN_NAMES_TAKE

ADDRESS = "PENSTOCK_ADDRESS"
HOME = "PENSTOCK_HOME"
NAMESPACE = "PENSTOCK_NAMESPACE"
RENEWER_AFTER = "PENSTOCK_RENEWER_AFTER"
# What programs call; nobody but the other services knows where executors are.
SERVICES = ("state", "scheduler", "artifact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the services are, and in which namespace their callers live.

    Attributes:
        addresses: of each service; empty when they run in this process, over the store.
        store: the folder of the embedded store.
    """

    addresses: Mapping[str, str]
    namespace: str
    store: Path


def target() -> Target:
    """Return what the environment names.

    Raises:
        ConfigurationError: an address or the namespace is not valid, or some services have an
            address and others have none.
    """
    return Target(addresses=addresses(), namespace=namespace(), store=store_folder())


def store_folder() -> Path:
    """Return where the embedded store lives; it stays there when the program moves.

    Raises:
        ConfigurationError: the name of the folder cannot be written down.
    """
    if home := os.environ.get(HOME):
        if not is_utf8(home):
            raise ConfigurationError(f"{HOME}={home!r} is not valid UTF-8")
        return Path(home).absolute()
    data = os.environ.get("XDG_DATA_HOME")
    folder = Path(data) if data else Path.home() / ".local" / "share"
    return (folder / "penstock").absolute()


def namespace() -> str:
    """Return where everything lives that this process makes.

    Raises:
        ConfigurationError: it cannot be called so.
    """
    given = os.environ.get(NAMESPACE) or "default"
    if not PLAIN_NAME.fullmatch(given):
        raise ConfigurationError(
            f"{NAMESPACE}={given} is not a valid name: namespaces {PLAIN_NAMES_TAKE}"
        )
    return given


def renewer_after() -> float:
    """Return after how many seconds of runs a process of its own renews their session.

    Raises:
        ConfigurationError: the variable holds no number of seconds.
    """
    given = os.environ.get(RENEWER_AFTER) or "5"
    try:
        return float(given)
    except ValueError:
        raise ConfigurationError(
            f"{RENEWER_AFTER}={given} is not a number of seconds"
        ) from None


def addresses() -> dict[str, str]:
    """Return the address of each service; empty when none is set.

    Raises:
        ConfigurationError: some services have an address and others have none, or one of
            them is not a valid address.
    """
    found = {service: _address(service) for service in SERVICES}
    needed = [service for service in SERVICES if not found[service]]
    if len(needed) == len(SERVICES):
        return {}
    if needed:
        names = ", ".join(f"PENSTOCK_{service.upper()}_ADDRESS" for service in needed)
        raise ConfigurationError(f"some services have no address: set {names}, or {ADDRESS}")
    return found


def _address(service: str) -> str:
    for variable in (f"PENSTOCK_{service.upper()}_ADDRESS", ADDRESS):
        if text := os.environ.get(variable):
            return checked_address(variable, text)
    return ""
