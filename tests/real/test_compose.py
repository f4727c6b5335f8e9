"""What the compose file starts, from the real image, runs what the host asks for and drains."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from integration.system import ROOT, clean_environment, unused_addresses
from penstockd.assembly.services import SERVICES
from real.containers import IMAGES, Compose, Engine, serving
from real.jaeger import Jaeger

# The first build of the image installs what is locked.
pytestmark = [pytest.mark.real, pytest.mark.timeout(1_200)]

PENSTOCK, POSTGRES, JAEGER = (
    f"localhost/penstock-test/{name}:latest" for name in ("penstock", "postgres", "jaeger")
)
USER = 1_000
# What the compose file allows; a drain that needs it all has waited for nothing.
DRAIN_LIMIT = 30.0
BEGIN_LIMIT = 20.0
LONG_FLOW = """
import time
from pathlib import Path
from penstock import flow

@flow
def long() -> None:
    Path("begun").touch()
    time.sleep(60)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    compose: Compose
    flows: Path
    jaeger: Jaeger
    addresses: dict[str, str]

    def penstock(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line on the host, against the published ports."""
        where = {f"PENSTOCK_{name.upper()}_ADDRESS": at for name, at in self.addresses.items()}
        return subprocess.run(
            [sys.executable, "-m", "penstock.cli", *arguments],
            env=clean_environment(**where),
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    def run(self, contents: str, *more: str) -> subprocess.CompletedProcess[str]:
        name, parameter = "pipeline/pipeline-deployment", f'contents="{contents}"'
        return self.penstock("deployment", "run", name, "--param", parameter, *more)

    def begin_long_run(self) -> str:
        """Have a run that takes a minute begin, and return its id when it has."""
        (self.flows / "long.py").write_text(LONG_FLOW)
        self.inside("penstock", "deploy", "long.py:long", "--name", "d", "--pool", "local-pool")
        made = json.loads(self.penstock("deployment", "run", "long/d", "-o", "json").stdout)
        end = time.monotonic() + BEGIN_LIMIT
        while not (self.flows / "begun").exists():
            assert time.monotonic() < end, self.compose.logs("executor")
            time.sleep(0.1)
        return str(made["flow_run_id"])

    def inside(self, *command: str) -> None:
        """Run a command where flows run."""
        there = ("exec", "--no-TTY", "--workdir", "/flows", "executor")
        self.compose.ask(*there, *command)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    base, jaeger = (Path(os.environ.get(f"PENSTOCK_{it}", "")) for it in ("BASE", "JAEGER"))
    if not (base.is_file() and jaeger.is_file()):
        pytest.fail(
            "PENSTOCK_BASE or PENSTOCK_JAEGER names no file: `make test-real` makes both"
        )
    with serving(ROOT / ".cache" / "containers") as running:
        running.import_base(base)
        installed = Path(sysconfig.get_path("platlib"))
        running.build(POSTGRES, IMAGES / "postgres.Dockerfile", installed)
        running.build(JAEGER, IMAGES / "jaeger.Dockerfile", jaeger.parent)
        running.build(PENSTOCK, ROOT / "deploy" / "images" / "Dockerfile", ROOT)
        yield running


@pytest.fixture(scope="module")
def deployed(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    flows = _flows(tmp_path_factory.mktemp("flows"))
    *published, query = unused_addresses(len(SERVICES) + 1)
    addresses = dict(zip(SERVICES, published, strict=True))
    settings = {
        "PENSTOCK_IMAGE": PENSTOCK,
        "POSTGRES_IMAGE": POSTGRES,
        "JAEGER_IMAGE": JAEGER,
        "JAEGER_PORT": query.partition(":")[2],
        "FLOWS": str(flows),
        "RUN_AS": str(USER),
        "POSTGRES_PASSWORD": "of-this-test",
        "NETWORK": "--insecure",
        **{f"{name.upper()}_PORT": at.partition(":")[2] for name, at in addresses.items()},
    }
    compose = Compose(
        engine=engine,
        program=Path(os.environ["PENSTOCK_COMPOSE"]),
        project=f"penstock-test-{os.getpid()}",
        settings=settings,
    )
    try:
        compose.ask("up", "--detach", "--no-build")
        running = Deployed(
            compose=compose, flows=flows, jaeger=Jaeger("", query), addresses=addresses
        )
        running.inside("python", "pipeline.py", "--deploy")
        yield running
    finally:
        compose.ask("down", "--volumes", "--timeout", "1")


def test_a_run_that_the_host_asks_for_goes_through(deployed: Deployed) -> None:
    done = deployed.run("hello world", "--watch")
    assert done.returncode == 0, done.stdout + done.stderr
    written = deployed.flows / "side-effect.txt"
    assert written.read_text() == "hello world"
    assert written.stat().st_uid == USER


def test_a_run_that_fails_is_undone_in_the_container(deployed: Deployed) -> None:
    done = deployed.run("hello", "--watch")
    assert done.returncode == 1, done.stdout + done.stderr
    assert not (deployed.flows / "side-effect.txt").exists()


def test_the_spans_of_all_services_reach_jaeger(deployed: Deployed) -> None:
    assert deployed.run("hello world", "--watch").returncode == 0
    expected = {f"penstock-{name}" for name in (*SERVICES, "child")}
    end = time.monotonic() + 20.0
    while not expected <= (seen := deployed.jaeger.services()):
        assert time.monotonic() < end, f"Jaeger has only {seen}"
        time.sleep(0.5)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_healthy_and_may_do_little(deployed: Deployed, service: str) -> None:
    checked = ("python", "/opt/penstock/healthy.py", f"localhost:{SERVICES[service].port}")
    deployed.compose.ask("exec", "--no-TTY", service, *checked)
    mounted = ("sh", "-c", "grep ' / ' /proc/self/mounts")
    root = deployed.compose.ask("exec", "--no-TTY", service, *mounted)
    assert root.split()[3].split(",")[0] == "ro"
    asked = "grep -E '^(Uid|CapEff|NoNewPrivs):' /proc/self/status"
    said = deployed.compose.ask("exec", "--no-TTY", service, "sh", "-c", asked)
    status = dict(line.split(":\t", 1) for line in said.splitlines())
    assert "0" not in status["Uid"].split()
    assert int(status["CapEff"], 16) == 0
    assert status["NoNewPrivs"] == "1"


def test_the_image_keeps_no_sources_and_no_installer(
    deployed: Deployed, engine: Engine
) -> None:
    lists = "ls /source /opt/build /opt/penstock/bin/pip 2>/dev/null; true"
    found = engine.ask("run", "--rm", "--entrypoint", "sh", PENSTOCK, "-c", lists)
    assert found == ""


# Nothing serves after the last two tests, hence their place.
def test_a_run_crashes_when_its_executor_drains(deployed: Deployed) -> None:
    run_id = deployed.begin_long_run()
    deployed.compose.ask("stop", "executor")
    told = json.loads(deployed.penstock("flow-run", "inspect", run_id, "-o", "json").stdout)
    assert told["state"]["state_type"] == "CRASHED", deployed.compose.logs("executor")


def test_every_service_drains_when_it_is_asked_to_stop(deployed: Deployed) -> None:
    begun = time.monotonic()
    deployed.compose.ask("stop", *SERVICES)
    assert time.monotonic() - begun < DRAIN_LIMIT
    for service in SERVICES:
        log = deployed.compose.logs(service)
        assert deployed.compose.state(service)["ExitCode"] == 0, log
        # Before, it may have told of spans that were lost while Jaeger started.
        _, draining, rest = log.partition('"event": "server.draining"')
        assert draining
        assert '"event": "server.stopped"' in rest
        assert '"level": "ERROR"' not in rest, log


def _flows(folder: Path) -> Path:
    """Return a folder with the example, which belongs to the user of the container."""
    shutil.copy(ROOT / "examples" / "pipeline.py", folder)
    if os.getuid() == 0:
        for each in (folder, *folder.iterdir()):
            os.chown(each, USER, USER)
    return folder
