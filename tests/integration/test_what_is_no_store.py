"""What stands where the store should be, and is none: one line says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from integration.embedded import penstock


def a_file(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


@pytest.mark.parametrize("command", [("flow-run", "ls"), ("up", "--socket-only")], ids=" ".join)
@pytest.mark.parametrize(
    ("name", "make", "told"),
    [
        ("penstock.db", Path.mkdir, "this is no file: move it away"),
        ("penstock.db", a_file, "this is no SQLite database"),
        ("penstock.db.lock", Path.mkdir, "cannot be used (Is a directory)"),
        ("owner", Path.mkdir, "cannot be used (Is a directory)"),
    ],
    ids=["folder", "text", "lock", "owner"],
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
