"""The import contracts of pyproject.toml break when a module imports what it must not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.check_imports import existing

ROOT = Path(__file__).resolve().parents[3]
TREE = (
    "clients/python/penstock/__init__.py",
    "clients/python/penstock/client/__init__.py",
    "clients/python/penstock/client/connection.py",
    "clients/python/penstock/errors.py",
    "clients/python/penstock/flows.py",
    "services/penstockd/__init__.py",
    "services/penstockd/assembly.py",
    "services/penstockd/chassis/__init__.py",
    "services/penstockd/state/__init__.py",
    "services/penstockd/state/rules/__init__.py",
    "services/penstockd/state/store/__init__.py",
    "services/penstockd/state/usecases/__init__.py",
    "services/penstockd/scheduler/__init__.py",
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for path in TREE:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return tmp_path


def verdict(checkout: Path) -> tuple[int, str]:
    """In a process of its own, where `penstock` is that of the checkout."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.check_imports", str(checkout)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{checkout}/clients/python:{checkout}/services"},
        check=False,
    )
    return done.returncode, done.stdout


def test_the_declared_exceptions_are_allowed(checkout: Path) -> None:
    (checkout / "clients/python/penstock/client/connection.py").write_text(
        "import penstockd.assembly\n"
    )
    (checkout / "services/penstockd/state/usecases/__init__.py").write_text(
        "import penstock.errors\nimport penstockd.state.store\nimport penstockd.state.rules\n"
    )
    code, output = verdict(checkout)
    assert code == 0, output


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("clients/python/penstock/flows.py", "import penstockd.assembly\n"),
        ("services/penstockd/chassis/__init__.py", "import penstock.flows\n"),
        ("services/penstockd/scheduler/__init__.py", "import penstockd.state.rules\n"),
        ("services/penstockd/state/rules/__init__.py", "import penstockd.state.store\n"),
        ("services/penstockd/state/store/__init__.py", "import penstockd.state.usecases\n"),
        ("services/penstockd/chassis/__init__.py", "import penstockd.state\n"),
        ("services/penstockd/state/__init__.py", "import penstockd.assembly\n"),
    ],
    ids=[
        "the SDK imports the server",
        "the server imports the SDK",
        "a service imports another",
        "rules import the store",
        "the store imports a use case",
        "the chassis imports a service",
        "a service imports the assembly",
    ],
)
def test_a_forbidden_import_breaks_a_contract(checkout: Path, path: str, text: str) -> None:
    (checkout / path).write_text(text)
    code, output = verdict(checkout)
    assert code == 1
    assert "BROKEN" in output


def test_a_contract_about_modules_that_do_not_exist_yet_is_left_out(tmp_path: Path) -> None:
    contract = {"source_modules": ["penstockd.gateway"], "forbidden_modules": ["penstock"]}
    assert existing(contract, tmp_path) is None


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("client/connection.py", "import penstock.flows\n"),
        ("client/connection.py", "def late():\n    import penstock.flows\n"),
        (
            "client/connection.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import penstock.flows\n",
        ),
        ("errors.py", "import penstock.client.connection\n"),
        ("engine/contexts.py", "import penstock.engine.tasks.gate\n"),
        ("newcomer.py", ""),
    ],
    ids=["up", "deferred", "types alone", "from the ground", "in the engine", "on no floor"],
)
def test_no_arrow_of_the_sdk_runs_up(checkout: Path, module: str, code: str) -> None:
    sdk = checkout / "clients/python/penstock"
    for each in ("engine/__init__.py", "engine/tasks/__init__.py", "engine/tasks/gate.py"):
        (sdk / each).parent.mkdir(parents=True, exist_ok=True)
        (sdk / each).touch()
    assert verdict(checkout)[0] == 0
    (sdk / module).write_text(code)
    broken, output = verdict(checkout)
    assert broken == 1
    assert "Floors of the" in output
