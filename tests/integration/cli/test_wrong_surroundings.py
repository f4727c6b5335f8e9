"""Wrong addresses, broken stores and unreadable files are told as what they are."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from fixtures_cli import Penstock
from integration.cli.test_hostile_calls import is_told
from penstock.client.process_connection import process_connection

COMMANDS = [
    ["flow-run", "ls"],
    ["flow-run", "inspect", "latest"],
    ["run", "flows.py:calc", "-p", "x=1"],
    ["deploy", "flows.py:calc", "-n", "nightly", "--pool", "p"],
    ["pool", "create", "p"],
    ["config", "view"],
    ["doctor"],
]
ADDRESSES = [
    "http://localhost:7470",
    "grpc://localhost:7470",
    "localhost",
    ":",
    ":7470",
    "localhost:",
    "localhost:99999",
    "localhost:-1",
    "localhost:port",
    "localhost:1",
    "local host:1",
    "[::1",
    "[::1]:1",
    "no.such.host.invalid:1",
    "unix:",
    "unix:/nowhere/at/all",
    "unix:" + "x" * 300,
    "dns:///localhost:1",
    "localhost:1,localhost:2",
    "\udce9:1",
    "💥:1",
]
NAMESPACES = ["a b", "a/b", "x" * 300, "\udce9", "-", "💥"]


def _a_file(store: Path) -> None:
    store.write_text("a file")


def _a_folder_in_place_of(name: str) -> Callable[[Path], None]:
    return lambda store: (store / name).mkdir(parents=True)


def _bytes_in_place_of(name: str, content: bytes) -> Callable[[Path], None]:
    def break_it(store: Path) -> None:
        store.mkdir()
        (store / name).write_bytes(content)

    return break_it


def _another_database(store: Path) -> None:
    store.mkdir()
    with closing(sqlite3.connect(store / "penstock.db")) as connection:
        connection.execute("CREATE TABLE state_flow_run (id INT)")


def _a_dead_link(store: Path) -> None:
    store.symlink_to(store.parent / "gone" / "store")


def _a_link_to_itself(store: Path) -> None:
    store.symlink_to(store)


STORES = {
    "a file": _a_file,
    "a dead link": _a_dead_link,
    "a link to itself": _a_link_to_itself,
    "a folder for the database": _a_folder_in_place_of("penstock.db"),
    "a folder for its journal": _a_folder_in_place_of("penstock.db-wal"),
    "an empty database": _bytes_in_place_of("penstock.db", b""),
    "half a header": _bytes_in_place_of("penstock.db", b"SQLite format 3\0" + b"\xff" * 3000),
    "a text": _bytes_in_place_of("penstock.db", b"notes\n" * 1000),
    "another database": _another_database,
    "a file for the signs of life": _bytes_in_place_of("alive", b""),
}
HOMES = [
    "/dev/null",
    "/proc/nowhere",
    "/dev/full/store",
    "x" * 300,
    "a" + "/b" * 3000,
    "\udce9",
]


@pytest.fixture
def told(penstock: Penstock) -> Callable[[], None]:
    def check() -> None:
        wrong = []
        for command in COMMANDS:
            process_connection.close()
            answer = penstock(*command)
            if not is_told(answer, {0, 1, 2, 4, 69, 78}):
                wrong.append((command, answer.code, answer.err[-600:]))
        assert wrong == []

    return check


@pytest.mark.parametrize("address", ADDRESSES, ids=ascii)
def test_a_wrong_address(
    told: Callable[[], None], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("PENSTOCK_ADDRESS", address)
    told()


@pytest.mark.parametrize("namespace", NAMESPACES, ids=lambda it: ascii(it)[:20])
def test_a_wrong_namespace(
    told: Callable[[], None], monkeypatch: pytest.MonkeyPatch, namespace: str
) -> None:
    monkeypatch.setenv("PENSTOCK_NAMESPACE", namespace)
    told()


@pytest.mark.parametrize("name", STORES)
def test_a_broken_store(told: Callable[[], None], tmp_path: Path, name: str) -> None:
    STORES[name](tmp_path / "store")
    told()


@pytest.mark.parametrize("home", HOMES, ids=lambda it: ascii(it)[:20])
def test_a_folder_that_cannot_be_made(
    told: Callable[[], None], monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.setenv("PENSTOCK_HOME", home)
    told()


def test_a_folder_that_is_gone(told: Callable[[], None], tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    os.chdir(here)
    here.rmdir()
    told()
