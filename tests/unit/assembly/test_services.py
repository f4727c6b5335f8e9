"""The table of services holds together, and another row is all that another service needs."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from penstockd.__main__ import _parser
from penstockd.assembly.addresses import (
    ALL_PORT,
    Listening,
    read_listen,
    those_of_others,
    together,
)
from penstockd.assembly.services import SERVICES, Service
from penstockd.chassis.config import ConfigError
from penstockd.chassis.mounted import Mounted

SOURCES = Path(__file__).parents[3] / "services" / "penstockd"
EVERY = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


@EVERY
def test_whoever_is_called_starts_before_its_caller(service: Service) -> None:
    started = list(SERVICES)
    assert all(started.index(it) < started.index(service.name) for it in service.calls)


@EVERY
def test_an_embedded_service_calls_only_embedded_ones(service: Service) -> None:
    assert not service.embedded or all(SERVICES[it].embedded for it in service.calls)


@EVERY
def test_a_row_is_named_as_its_folder(service: Service) -> None:
    assert (SOURCES / service.name / "wiring.py").is_file()


def test_every_folder_with_a_wiring_is_a_row() -> None:
    assert {it.parent.name for it in SOURCES.glob("*/wiring.py")} == set(SERVICES)


def test_no_two_listen_at_one_port() -> None:
    ports = [ALL_PORT, *(service.port for service in SERVICES.values())]
    assert len(set(ports)) == len(ports)


def test_another_row_is_served_found_and_given_an_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = f"row{uuid4().hex}"
    gateway = replace(
        SERVICES["state"],
        name=name,
        port=7475,
        calls=("state",),
        build=lambda _site, _channels: Mounted(servicers=[]),
    )
    monkeypatch.setitem(SERVICES, name, gateway)
    assert _parser().parse_args([name]).service == name
    assert read_listen("", service=name).address == "127.0.0.1:7475"
    behind = together(Listening(host="127.0.0.1", port=9000), Path("store"), separate=True)
    assert behind[name] == "127.0.0.1:9005"
    with pytest.raises(ConfigError, match="PENSTOCK_STATE_ADDRESS"):
        those_of_others(name, {})
    found = those_of_others(name, {"PENSTOCK_STATE_ADDRESS": "state:1"})
    assert found == {"state": "state:1"}


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("127.0.0.1", "127.0.0.1:7474"),
        ("runner-3", "runner-3:7474"),
        ("0.0.0.0", ""),
        ("[::]", ""),
    ],
)
def test_who_listens_on_every_interface_cannot_say_where_others_reach_it(
    host: str, told: str
) -> None:
    assert Listening(host=host, port=7474).told_to_others == told
