"""The socket of a store lies where only its user can reach it."""

import os
import stat
from pathlib import Path

import pytest

from penstockd.assembly.addresses import Listening, read_listen, together
from penstockd.assembly.services import SERVICES
from penstockd.assembly.sockets import LONGEST_PATH, socket_of
from penstockd.chassis.config import ConfigError

LONG = "x" * LONGEST_PATH


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("s")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


def test_it_lies_in_the_folder_of_the_store(short: Path) -> None:
    assert socket_of(short / "store") == short / "store" / "penstock.sock"
    assert stat.S_IMODE((short / "store").stat().st_mode) == 0o700


def test_a_path_that_is_too_long_leads_to_the_users_session(short: Path) -> None:
    found = socket_of(short / LONG)
    assert found.parent == short / "penstock"
    assert stat.S_IMODE(found.parent.stat().st_mode) == 0o700
    assert found != socket_of(short / f"{LONG}2")
    assert found == socket_of(short / LONG)


def test_without_a_session_there_is_a_folder_of_the_user(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setattr("tempfile.tempdir", str(short))
    assert socket_of(short / LONG).parent == short / f"penstock-{os.getuid()}"


def test_a_folder_of_somebody_else_is_refused(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (short / "penstock").mkdir()
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    monkeypatch.setattr("penstockd.assembly.sockets.SUPERUSER", 4712)
    with pytest.raises(ConfigError, match="belongs to another user"):
        socket_of(short / LONG)


def test_a_path_that_is_given_and_too_long_is_refused(short: Path) -> None:
    with pytest.raises(ConfigError, match="too long"):
        read_listen(f"unix:{short}/{LONG}", service="state")


def test_a_server_without_a_port_is_told_by_its_socket(short: Path) -> None:
    listening = read_listen(f"unix:{short}/a.sock", service="state")
    assert listening.address == listening.told_to_others == f"unix:{short}/a.sock"


def test_what_runs_beside_a_server_uses_its_socket(short: Path) -> None:
    both = Listening(host="127.0.0.1", port=7470, socket=short / "penstock.sock")
    found = together(both, short, separate=False)
    assert set(found.values()) == {f"unix:{short}/penstock.sock"}
    assert both.address == "127.0.0.1:7470"


def test_services_behind_a_front_without_a_port_have_sockets_too(short: Path) -> None:
    found = together(Listening(socket=short / "penstock.sock"), short, separate=True)
    assert found == {name: f"unix:{short}/{name}.sock" for name in SERVICES}
