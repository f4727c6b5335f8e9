"""What the compose file says is what the services take; no container is needed to see it."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from penstockd.__main__ import _parser
from penstockd.artifact import wiring as artifact
from penstockd.assembly.addresses import ALL_PORT, those_of_others
from penstockd.assembly.services import SERVICES
from penstockd.chassis.config import load
from penstockd.executor import wiring as executor
from penstockd.scheduler import wiring as scheduler
from penstockd.state import wiring as state

ROOT = Path(__file__).parents[3]
COMPOSE = ROOT / "deploy" / "compose" / "compose.yaml"
DOCKERFILE = ROOT / "deploy" / "images" / "Dockerfile"
CONFIGS = {
    "state": state.Config,
    "scheduler": scheduler.Config,
    "artifact": artifact.Config,
    "executor": executor.Config,
}
READ_BY_ALL = {"PENSTOCK_DATABASE", *(f"PENSTOCK_{each.upper()}_ADDRESS" for each in SERVICES)}


def the_environment() -> dict[str, str]:
    found = re.findall(r"^ +((?:PENSTOCK|OTEL)_\w+): (\S+)$", COMPOSE.read_text(), re.M)
    assert found
    return dict(found)


def the_command(service: str) -> list[str]:
    [line] = re.findall(rf"^    command: \[{service}, (.+)\]$", COMPOSE.read_text(), re.M)
    return [service, *(word.rstrip(",") for word in shlex.split(line))]


@pytest.mark.parametrize("service", SERVICES)
def test_the_command_of_a_service_is_one_that_it_takes(service: str) -> None:
    given = _parser().parse_args(the_command(service))
    assert given.service == service
    assert given.listen == f"0.0.0.0:{SERVICES[service].port}"
    assert given.insecure


@pytest.mark.parametrize("service", SERVICES)
def test_the_settings_of_a_service_are_ones_that_it_knows(service: str) -> None:
    folder = {"content_folder": Path("content")} if service == "artifact" else {}
    load(CONFIGS[service], service, environ=the_environment(), defaults=folder)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_finds_those_that_it_calls_where_they_listen(service: str) -> None:
    found = those_of_others(service, the_environment())
    for called in SERVICES[service].calls:
        assert found[called] == f"{called}:{SERVICES[called].port}"
        assert the_command(called)[2].endswith(f":{SERVICES[called].port}")


def test_no_variable_is_there_that_nobody_reads() -> None:
    prefixes = tuple(f"PENSTOCK_{each.upper()}_" for each in SERVICES)
    for name in the_environment():
        assert name in READ_BY_ALL or name.startswith(
            (*prefixes, "OTEL_EXPORTER_OTLP_ENDPOINT")
        )


def test_the_image_starts_with_a_command_that_penstockd_takes() -> None:
    [line] = re.findall(r"^CMD \[(.+)\]$", DOCKERFILE.read_text(), re.M)
    given = _parser().parse_args([word.strip(' "') for word in line.split(",")])
    assert (given.service, given.listen) == ("all", f"0.0.0.0:{ALL_PORT}")


def test_what_the_image_copies_is_there() -> None:
    let_through = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.M)
    copied = r"^COPY (?!--from)(?:--\S+ )*(.+) \S+$"
    for sources in re.findall(copied, DOCKERFILE.read_text(), re.M):
        for source in sources.split():
            assert (ROOT / source).exists(), source
            assert source in let_through


@pytest.mark.parametrize("lock", ["runtime.lock", "build.lock"])
def test_the_image_has_the_versions_that_are_tested(lock: str) -> None:
    tested = pins(ROOT / "requirements.lock")
    of_the_image = pins(DOCKERFILE.with_name(lock))
    assert of_the_image.items() <= tested.items()
    assert "pytest" not in of_the_image


def test_what_the_wheel_asks_for_is_locked_for_the_image() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *extras["otel"], *extras["postgres"], *extras["server"]]
    names = {re.split(r"[<>=;]", each)[0] for each in asked}
    assert names <= pins(DOCKERFILE.with_name("runtime.lock")).keys()


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ ;]+)", lock.read_text(), re.M))
