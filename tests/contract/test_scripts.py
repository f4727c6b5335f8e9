"""The scripts of the contract, played over both transports, and what a player must see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import grpc
import pytest
import pytest_asyncio

from contract.script_player import SCRIPTS, differences, filled, play, script, value_at
from penstock.wire_channels import open_channel, with_call_defaults
from penstockd.assembly.services import SERVICES, mount
from penstockd.assembly.site import Site, service_of
from penstockd.chassis.clock import system_clock
from penstockd.chassis.contract_rules import contract_check
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import LocalChannel
from penstockd.chassis.mounted import Mounted
from penstockd.chassis.server import Server, ServerConfig
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of

NAMES = sorted(path.stem for path in SCRIPTS.glob("*.json"))


@pytest_asyncio.fixture(params=["local", "socket"])
async def channel(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[grpc.aio.Channel]:
    mounted: dict[str, Mounted] = {}
    clock, check = system_clock(), contract_check()
    embedded = [name for name, service in SERVICES.items() if service.embedded]

    async def resolve(full_name: str) -> Mounted | None:
        return mounted.get(service_of(full_name))

    inside = LocalChannel(resolve, standard_chain(check=check))
    local = with_call_defaults(cast(grpc.aio.Channel, inside))
    database = await open_database(
        f"sqlite:///{tmp_path}/penstock.db", schemas=[schema_of(each) for each in embedded]
    )
    site = Site(store=tmp_path, database=database, clock=clock)
    for name in embedded:
        mounted[name] = await mount(SERVICES[name], site, dict.fromkeys(embedded, local))
    if request.param == "local":
        yield local
    else:
        server = Server(list(mounted.values()), ServerConfig(), clock=clock, check=check)
        async with server, open_channel(server.address) as opened:
            yield with_call_defaults(opened)
    await inside.close()
    await database.close()


@pytest.mark.asyncio
@pytest.mark.parametrize("name", NAMES)
async def test_a_script_is_answered_as_it_says(name: str, channel: grpc.aio.Channel) -> None:
    played = script(name)
    await play(played, channel)
    await play(played, channel)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answer": {"flows": []}}, r"step 4, .*/ListFlows: /answer/flows is \[\{"),
        ({"error": {"code": "NOT_FOUND"}}, "step 4, .*: /error is null"),
    ],
)
async def test_a_wrong_answer_is_told(
    change: dict[str, Any], message: str, channel: grpc.aio.Channel
) -> None:
    played = script("flows_are_paged")
    step = played["steps"][3]
    played["steps"][3] = {"call": step["call"], "request": step["request"]} | change
    with pytest.raises(AssertionError, match=message):
        await play(played, channel)


def test_every_step_says_how_it_ends() -> None:
    for name in NAMES:
        for step in script(name)["steps"]:
            assert ("answer" in step) != ("error" in step), name


@pytest.mark.parametrize(
    ("expected", "actual", "found"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, []),
        ({"a": {"b": "x"}}, {"a": {"b": "y"}}, ['/a/b is "y", not "x"']),
        ({"a": None}, {}, []),
        ({"a": None}, {"a": "x"}, ['/a is "x", not null']),
        ({"a": []}, {}, []),
        ({"a": [1]}, {}, ["/a is null, not [1]"]),
        ({"a": [1]}, {"a": [1, 2]}, ["/a is [1, 2], not [1]"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}]}, []),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, ["/a/0/b is 2, not 1"]),
    ],
)
def test_an_answer_says_at_least_what_is_expected(
    expected: Any, actual: Any, found: list[str]
) -> None:
    assert list(differences(expected, actual)) == found


def test_names_stand_for_values() -> None:
    values = {"run": "x", "fence": 3}
    template = {"a": ["${run}", "${fence}", "${run}-${fence}", 1], "b": {"c": "${fence}"}}
    assert filled(template, values) == {"a": ["x", 3, "x-3", 1], "b": {"c": 3}}
    with pytest.raises(KeyError):
        filled("${nobody}", values)


def test_a_pointer_finds_its_value() -> None:
    answer = {"a": [{"b/c": 1}]}
    assert value_at("/a/0/b~1c", answer) == 1
    for pointer in ("/b", "/a/0/c"):
        with pytest.raises(KeyError):
            value_at(pointer, answer)
