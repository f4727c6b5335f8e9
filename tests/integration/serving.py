"""`penstockd all` on a store, from its first answer to its end."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from hanging import HANG_LIMIT
from integration.system import (
    LEASH,
    clean_environment,
    end_all_of,
    until_serving,
    unused_addresses,
)
from penstockd.assembly.services import SERVICES


def refused(store: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Start what must not start; return its exit code and what it said."""
    ended = subprocess.run(
        [sys.executable, "-m", "penstockd", *arguments, "--store", str(store)],
        env=clean_environment(PENSTOCK_HOME=str(store), **environment),
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )
    return ended.returncode, ended.stderr


class Serving:
    """One server, ready inside the block; `arguments` are further ones of penstockd.

    An address `unix:PATH` is that of the store's own socket, and there is no port.
    """

    def __init__(
        self, store: Path, *arguments: str, address: str = "", **environment: str
    ) -> None:
        self.address = address or unused_addresses(1)[0]
        self.addresses = dict.fromkeys(SERVICES, self.address)
        self.environment = clean_environment(PENSTOCK_HOME=str(store), **environment)
        self.exit_code: int | None = None
        self._store = store
        self.log_file = store / "serving.log"
        self._command = [sys.executable, "-c", LEASH, "-m", "penstockd", "all"]
        by_socket = self.address.startswith("unix:")
        self._command += ["--socket-only"] if by_socket else ["--listen", self.address]
        self._command += ["--store", str(store), *arguments]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "it is not started"
        return self._process

    def wait(self) -> None:
        self.exit_code = self.process.wait(HANG_LIMIT)

    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def until_logged(self, event: str) -> None:
        end = time.monotonic() + HANG_LIMIT
        while event not in self.log():
            assert time.monotonic() < end, self.log()
            time.sleep(0.01)

    def __enter__(self) -> Self:
        self._store.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._store,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            until_serving(self.address, self._process, self.log)
        except BaseException:
            end_all_of(self._store)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None, "it was started"
        self._process.terminate()
        try:
            self.wait()
        finally:
            end_all_of(self._store)
