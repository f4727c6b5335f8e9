"""Calls of every command with words that do not fit where they stand."""

from collections.abc import Iterator
from importlib import import_module

import click

from penstock.cli.commands import COMMANDS

AN_ID = "11111111-1111-7111-8111-111111111111"
# They become a server when all is well: `test_wrong_servers.py` has their calls.
SERVERS = {"up", "executor start"}

HOSTILE = [
    "",
    " ",
    "-",
    "--",
    ".",
    "/",
    ":",
    "=",
    "0",
    "-1",
    "1.5",
    "9" * 400,
    "1e999",
    "nan",
    "null",
    "[",
    '{"a": 1}',
    "[" * 3000,
    '"\\ud800"',
    "x" * 5000,
    "a/b",
    "a/b/c",
    "../..",
    "a:b:c",
    "a,b",
    "latest",
    AN_ID,
    "0000",
    "dead",
    "%s{0}{x}$HOME",
    "\x1b[2J\x07",
    "\x00",
    "\ud800",
    "\u202egnp",
    "line\nbreak",
    "ﬀ💥",
    "2026-13-45",
    "0001-01-01",
    "9999-12-31T23:59:59",
    "999999999w",
    "flows.py",
    "flows.py:",
    "flows.py:calc",
    "flows.py:plain",
    "flows.py:calc.x",
    "nothing.py:calc",
    "folder.py:calc",
    "os:path",
    "penstock:flow",
    "no.such.module:flow",
]
# What a command needs so that it comes as far as the word in question.
NEEDED: dict[str, list[str]] = {
    "run": ["flows.py:calc"],
    "deploy": ["flows.py:calc", "-n", "nightly", "--pool", "p"],
    "deployment inspect": ["calc/nightly"],
    "deployment run": ["calc/nightly"],
    "deployment delete": ["calc/nightly"],
    "result": ["latest"],
    "flow-run inspect": ["latest"],
    "flow-run watch": ["latest"],
    "flow-run logs": ["latest"],
    "flow-run cancel": ["latest"],
    "flow-run delete": ["latest"],
    "pool create": ["p"],
    "pool workers": ["p"],
    "pool delete": ["p"],
    "queue ls": ["p"],
    "queue create": ["p", "q"],
    "queue delete": ["p", "q"],
    "completion": ["bash"],
}


def command_at(path: str) -> click.Command:
    module, _, name = COMMANDS[path].target.partition(":")
    found = getattr(import_module(f"penstock.cli.{module}"), name)
    assert isinstance(found, click.Command)
    return found


def calls_of(path: str) -> Iterator[list[str]]:
    """Yield the command without its arguments, and each word in each place."""
    words, needed = path.split(), NEEDED.get(path, [])
    yield words
    yield [*words, "--no-such-option"]
    yield [*words, *needed, "one", "too", "many", "words"]
    for option in _valued_options(command_at(path)):
        yield [*words, *needed, option]
        yield from ([*words, *needed, option, value] for value in HOSTILE)
    for place in range(len(needed)):
        if not needed[place].startswith("-"):
            for value in HOSTILE:
                yield [*words, *needed[:place], value, *needed[place + 1 :]]


def _valued_options(command: click.Command) -> Iterator[str]:
    for each in command.params:
        if isinstance(each, click.Option) and not each.is_flag:
            yield each.opts[-1]
