"""A container engine of our own, podman behind its Docker API, and the compose that asks it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil

ROOT = Path(__file__).parents[2]
COMPOSE_FILE = ROOT / "deploy" / "compose" / "compose.yaml"
IMAGES = Path(__file__).with_name("images")
START_LIMIT = 20.0
BUILD_LIMIT = 900.0
HEALTH_INTERVAL = 0.5
SOCKET = "podman.sock"
PROGRAMS = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
BASE_IMAGE = "localhost/penstock-base:latest"
# The usual limits may lie above those of whoever starts this.
SETTINGS = """
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
[network]
network_config_dir = "{folder}/networks"
"""
# Where this machine's pip finds packages, and whom it trusts.
OF_PIP = (Path("/etc/pip.conf"), Path("/etc/ssl/certs/ca-certificates.crt"))


class Engine:
    """Images and containers in one folder; nothing of the machine's own podman is touched."""

    def __init__(self, folder: Path, running: Path) -> None:
        self.address = f"unix://{running / SOCKET}"
        self.settings = folder / "containers.conf"
        self._options = ["--root", str(folder / "root"), "--runroot", str(running / "run")]
        self._options += ["--storage-driver", "overlay", "--cgroup-manager", "cgroupfs"]

    def command(self, *arguments: str) -> list[str]:
        return ["podman", *self._options, *arguments]

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "CONTAINERS_CONF": str(self.settings),
            "DOCKER_HOST": self.address,
        }

    def ask(self, *arguments: str, within: float = 120.0) -> str:
        """Return what podman prints; an AssertionError tells what went wrong."""
        return _printed(self.command(*arguments), self.environment(), within)

    def import_base(self, archive: Path) -> None:
        """Make the archive the base of images, unless it is."""
        mark = f"penstock.archive={archive.parent.name}"
        if not self.ask("images", "--quiet", "--filter", f"label={mark}").strip():
            self.ask("import", "--quiet", "--change", f"LABEL {mark}", str(archive), BASE_IMAGE)

    def build(self, image: str, dockerfile: Path, context: Path) -> None:
        """Build an image on the base; layers that are there already are taken."""
        command = ["build", "--quiet", "--layers", "--format", "docker", "--network", "host"]
        command += ["--build-arg", f"BASE={BASE_IMAGE}", "--file", str(dockerfile)]
        command += ["--build-context", f"scripts={IMAGES}"]
        for file in filter(Path.is_file, OF_PIP):
            command += ["--volume", f"{file}:{file}:ro"]
        self.ask(*command, "--tag", image, str(context), within=BUILD_LIMIT)

    def inspect(self, container: str) -> Any:
        [found] = json.loads(self.ask("inspect", container))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Compose:
    """The project's compose file under a project name of its own."""

    engine: Engine
    program: Path
    project: str
    settings: Mapping[str, str]

    def ask(self, *arguments: str, within: float = 180.0) -> str:
        command = [str(self.program), "--project-name", self.project]
        command += ["--file", str(COMPOSE_FILE), *arguments]
        return _printed(command, {**self.engine.environment(), **self.settings}, within)

    def container(self, service: str) -> str:
        return self.ask("ps", "--all", "--quiet", service).strip()

    def state(self, service: str) -> Any:
        return self.engine.inspect(self.container(service))["State"]

    def logs(self, service: str) -> str:
        return self.ask("logs", "--no-color", "--no-log-prefix", service)


@contextmanager
def serving(folder: Path) -> Iterator[Engine]:
    """Serve the Docker API over a socket until the end of the block."""
    missing = [name for name in ("podman", "runc") if not shutil.which(name, path=PROGRAMS)]
    if missing:
        raise AssertionError(
            f"no {' and no '.join(missing)} here: apt-get install podman runc mmdebstrap"
        )
    # The engine keeps to the path, and that of a socket may not be long.
    running = Path(tempfile.gettempdir(), f"penstock-podman-{_mark_of(folder)}")
    for each in (folder, running):
        each.mkdir(parents=True, exist_ok=True)
    engine = Engine(folder, running)
    engine.settings.write_text(SETTINGS.format(folder=folder))
    # What a test run that was killed has left.
    _end_all(engine, running)
    command = engine.command("system", "service", "--time=0", engine.address)
    with (folder / "service.log").open("wb") as log:
        service = subprocess.Popen(command, env=engine.environment(), stdout=log, stderr=log)
    try:
        _until_there(running / SOCKET, service)
        with _health_checked(engine):
            yield engine
    finally:
        _end_all(engine, running)
        service.terminate()
        service.wait()


def _end_all(engine: Engine, running: Path) -> None:
    """End all containers, and those that wait for five minutes to tell how an exec ended."""
    engine.ask("rm", "--all", "--force", "--time", "0")
    engine.ask("volume", "prune", "--force")
    engine.ask("network", "prune", "--force")
    for process in psutil.process_iter(["name", "cmdline"]):
        if process.info["name"] == "conmon" and str(running) in " ".join(
            process.info["cmdline"] or ()
        ):
            with suppress(psutil.NoSuchProcess):
                process.kill()
    (running / SOCKET).unlink(missing_ok=True)


def _mark_of(folder: Path) -> str:
    return hashlib.sha256(str(folder).encode()).hexdigest()[:8]


@contextmanager
def _health_checked(engine: Engine) -> Iterator[None]:
    """Run the health checks of what starts: podman leaves that to systemd, if there is one."""
    ended = Event()

    def run() -> None:
        while not ended.wait(HEALTH_INTERVAL):
            with suppress(AssertionError):
                for container in engine.ask("ps", "-q", "--filter", "health=starting").split():
                    engine.ask("healthcheck", "run", container)

    checking = Thread(target=run, name="health-checks")
    checking.start()
    try:
        yield
    finally:
        ended.set()
        checking.join()


def _until_there(socket: Path, service: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_LIMIT
    while not socket.is_socket():
        assert service.poll() is None, f"podman ended with {service.returncode}"
        assert time.monotonic() < end, f"podman does not serve after {START_LIMIT} s"
        time.sleep(0.05)


def _printed(command: Sequence[str], environment: Mapping[str, str], within: float) -> str:
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        timeout=within,
        check=False,
    )
    if done.returncode:
        said = f"{done.stdout[-2_000:]}\n{done.stderr[-4_000:]}"
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{said}")
    return done.stdout
