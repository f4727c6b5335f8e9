"""Where scripts run: over a store of their own, or against a server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent

import pytest

from hanging import HANG_LIMIT
from integration.serving import Serving
from integration.system import LEASH, clean_environment, end_all_of


class Scripts:
    """Runs scripts one after the other, and asks what was recorded of the last run."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder, self.environment = folder, environment

    def run(
        self, text: str, *arguments: str, code: int = 0, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a script to its end, which must come with this exit code."""
        file = self.folder / "script.py"
        file.write_text(dedent(text))
        done = self._python(str(file), *arguments, **environment)
        assert done.returncode == code, done.stderr
        return done

    def penstock(self, *arguments: str, **environment: str) -> str:
        """Run the command, and return what it printed."""
        done = self._python("-m", "penstock.cli", *arguments, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def log(self) -> str:
        """Return what the newest run wrote."""
        return self.penstock("flow-run", "logs", "latest")

    def _python(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", LEASH, *arguments],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HANG_LIMIT,
            check=False,
        )


@pytest.fixture(scope="module", params=["embedded", "served"])
def scripts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scripts]:
    """All tests of a module share a store, or a server."""
    folder = tmp_path_factory.mktemp("scripts")
    environment = clean_environment(PENSTOCK_HOME=str(folder / "home"))
    with ExitStack() as stack:
        if request.param == "served":
            server = stack.enter_context(Serving(folder / "server"))
            environment["PENSTOCK_ADDRESS"] = server.address
        yield Scripts(folder, environment)
    end_all_of(folder / "home")
