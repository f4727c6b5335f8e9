"""The command line, in the test's own process or in one of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hanging import HANG_LIMIT
from penstock.cli.__main__ import main
from penstock.client.process_connection import process_connection

FLOWS = """
import sys

from penstock import flow, get_run_logger, task
from penstock.transactions import transaction

@task
def add(x: int, y: int) -> int:
    return x + y

@add.on_rollback
def forget(_): ...

@task
def fall():
    raise ValueError("boom went off")

@flow
def calc(x: int, y: int = 2):
    get_run_logger().warning("careful")
    return add(x, y)

@flow
def bad():
    with transaction():
        add(1, 2)
        fall()

@flow
async def later(x: int):
    return x

def plain(): ...
"""
HEAVY = ("grpc", "google.protobuf", "pydantic", "sqlalchemy", "rich", "asyncio", "penstockd")
LOADED = """
import sys
from penstock.cli.__main__ import main
try:
    main(sys.argv[2:])
finally:
    found = [name for name in sys.argv[1].split() if name in sys.modules]
    sys.stderr.write("loaded: " + " ".join(found))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


class Penstock:
    """Runs commands in this process, in the folder where flows.py is."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: str) -> Answer:
        self._capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = self._capture.readouterr()
        assert isinstance(ended.value.code, int)
        return Answer(code=ended.value.code, out=out, err=err)

    def refuses(self, arguments: list[str], code: int, text: str) -> None:
        """See that a command ends with the code and says the text, without our frames."""
        answer = self(*arguments)
        assert answer.code == code
        assert text in answer.err
        assert "clients/python/penstock" not in answer.err

    def newest(self) -> str:
        return str(self("flow-run", "ls", "--limit", "1", "-o", "json").json[0]["id"])


@pytest.fixture
def penstock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Penstock]:
    for name in [name for name in os.environ if name.startswith(("PENSTOCK_", "OTEL_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PENSTOCK_HOME", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["penstock"])
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "flows.py").write_text(FLOWS)
    process_connection.close()
    yield Penstock(capsys)
    process_connection.close()
    sys.modules.pop("flows", None)


def outside(*arguments: str, home: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own."""
    environment = {**os.environ, "PENSTOCK_HOME": str(home), "PYTHONPATH": _import_path()}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, check=False, text=True, env=environment, timeout=HANG_LIMIT, **options
    )


def loaded(arguments: list[str], home: Path) -> str:
    """Run a command, and return what it says, with the heavy modules that it loaded."""
    ended = outside("-c", LOADED, " ".join(HEAVY), *arguments, home=home, capture_output=True)
    assert ended.returncode == 0, ended.stderr
    return str(ended.stderr)


def _import_path() -> str:
    root = Path(__file__).parents[1]
    return os.pathsep.join([str(root / "clients" / "python"), str(root / "services")])


def a_package(folder: Path) -> None:
    """Write a package with a flow, mill.inner.grinding:grind."""
    package = folder / "mill" / "inner"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "stones.py").write_text("COUNT = 2\n")
    (package / "grinding.py").write_text(
        "from penstock import flow\n"
        "from .stones import COUNT\n"
        "@flow\n"
        "def grind():\n    return COUNT\n"
    )
