"""What stands where the store should be, and is none: one line says so."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from integration.embedded import penstock


def a_file(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def a_dead_link(path: Path) -> None:
    path.symlink_to(path.parent / "gone" / "content")


def another_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text TEXT)")
        connection.commit()


def an_earlier_store(path: Path) -> None:
    """As one was while this version was made: with a column less."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE state_flow (namespace TEXT)")
        connection.execute("CREATE TABLE state_schema (revision TEXT NOT NULL)")
        connection.execute("INSERT INTO state_schema VALUES ('0001')")
        connection.commit()


@pytest.mark.parametrize("command", [("flow-run", "ls"), ("up", "--socket-only")], ids=" ".join)
@pytest.mark.parametrize(
    ("name", "make", "told"),
    [
        ("penstock.db", Path.mkdir, "this is not a file: move it away"),
        ("penstock.db", a_file, "this is not a SQLite database"),
        ("penstock.db", another_database, "tables of another program (notes)"),
        ("penstock.db", an_earlier_store, "not a store of this version of Penstock"),
        ("penstock.db.lock", Path.mkdir, "cannot be used (Is a directory)"),
        ("content", a_file, "content"),
        ("content", a_dead_link, "content"),
        ("owner", Path.mkdir, "cannot be used (Is a directory)"),
    ],
    ids=["folder", "text", "another", "earlier", "lock", "content", "link", "owner"],
)
def test_one_line_says_what_is_no_store(
    tmp_path: Path, command: tuple[str, ...], name: str, make: Callable[[Path], None], told: str
) -> None:
    make(tmp_path / name)
    ended = penstock(tmp_path, *command)
    assert ended.returncode not in (0, 70)
    [line] = ended.stderr.splitlines()
    assert str(tmp_path) in line
    assert told in line


LARGE = """
from penstock import flow

@flow
def large():
    return "x" * 200_000
"""


@pytest.mark.parametrize("make", [a_file, a_dead_link], ids=["file", "link"])
def test_a_run_does_not_wait_for_what_is_no_content_folder(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    (tmp_path / "flows.py").write_text(LARGE)
    make(tmp_path / "content")
    ended = penstock(tmp_path, "run", f"{tmp_path / 'flows.py'}:large")
    assert ended.returncode == 69
    [line] = ended.stderr.splitlines()
    assert f"{tmp_path / 'content'} is no folder: move it away" in line


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (Path.mkdir, "cannot be used (Is a directory)"),
        (a_file, "does not hold an id: restore it from a backup"),
    ],
    ids=["folder", "text"],
)
def test_a_run_does_not_wait_for_a_content_folder_without_its_id(
    tmp_path: Path, make: Callable[[Path], None], told: str
) -> None:
    (tmp_path / "flows.py").write_text(LARGE)
    (tmp_path / "content").mkdir()
    make(tmp_path / "content" / "identity")
    ended = penstock(tmp_path, "run", f"{tmp_path / 'flows.py'}:large")
    assert ended.returncode not in (0, 70)
    assert told in ended.stderr
