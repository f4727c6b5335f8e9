"""What the compose file says is what the services take; no container is needed to see it."""

import re
import shlex
import tomllib
from itertools import takewhile
from pathlib import Path

import pytest

from penstockd.__main__ import _parser
from penstockd.artifact import wiring as artifact
from penstockd.assembly.addresses import ALL_PORT, read_listen, those_of_others
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
    """Return what starts it when somebody has said of the network what is to be said."""
    [line] = re.findall(rf"^    command: \[{service}, (.+)\]$", COMPOSE.read_text(), re.M)
    words = [word.rstrip(",") for word in shlex.split(line)]
    return [service, *("--insecure" if word == "*network" else word for word in words)]


def own_lines(name: str) -> list[str]:
    """Return the lines below a name of the first or the second level."""
    lines = COMPOSE.read_text().splitlines()
    start = next(n for n, line in enumerate(lines) if re.match(rf"(  )?{name}:", line))
    depth = len(lines[start]) - len(lines[start].lstrip())
    inner = takewhile(lambda line: not line or line[depth] in " #", lines[start + 1 :])
    return list(inner)


def what_holds_for(name: str) -> str:
    """Return these lines after those that they take from elsewhere."""
    own = "\n".join(own_lines(name))
    taken = re.findall(r"^ +<<: \*(contained|service)$", own, re.M)
    return "\n".join([*(what_holds_for(f"x-{each}") for each in taken), own])


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
    assert given.service == "all"
    listening = read_listen(given.listen, service=given.service)
    assert listening.address == f"127.0.0.1:{ALL_PORT}"


def test_nothing_that_is_shipped_gives_up_credentials_by_itself() -> None:
    lines = [*DOCKERFILE.read_text().splitlines(), *COMPOSE.read_text().splitlines()]
    said = [line for line in lines if "--insecure" in line and not line.startswith("#")]
    assert len(said) == 1
    assert said[0].startswith("x-network: &network ${NETWORK:?")


def test_no_password_is_known_to_everybody() -> None:
    named = re.findall(r"\$\{(POSTGRES_PASSWORD[^}]*)\}", COMPOSE.read_text())
    assert sorted({each.partition(":")[2][:1] for each in named}) == ["", "?"]
    assert "POSTGRES_PASSWORD: *password" in what_holds_for("postgres")


@pytest.mark.parametrize("name", [*SERVICES, "pool", "postgres", "jaeger"])
def test_a_container_writes_little_and_takes_a_bounded_part_of_the_machine(name: str) -> None:
    block = what_holds_for(name)
    assert "read_only: true" in block
    assert "tmpfs: [" in block
    assert re.search(r"pids_limit: (\d+|\$\{\w+:-\d+\})", block)
    assert re.search(r"mem_limit: (\d+g|\$\{\w+:-\d+g\})", block)


def test_flows_run_beside_no_password_of_a_database() -> None:
    own = [line.strip() for line in own_lines("executor")]
    assert "<<: *addresses" in own[own.index("environment:") :]
    assert not any("DATABASE" in line for line in own)
    assert not any("DATABASE" in line for line in own_lines("x-addresses"))


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
