"""A deployed flow is the one that was deployed, whatever way its author made and named it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hanging import HANG_LIMIT
from integration.decorating import DECORATING
from integration.serving import Serving
from integration.system import clean_environment

PUMPING = '''
import datetime, functools, json, sys
from decorating import bare, timed
from penstock import flow, run_deployment
from penstock.runtime import flow_run

@flow
@timed
def wrapped(n: int = 1): return n + 1

@flow(name="bare")
@bare
def hidden(n): return n + 2

@flow
def plain(n: int = 1):
    print("seen")
    return [n, flow_run.flow_name]

renamed = plain.with_options(name="renamed", log_prints=True)
part = flow(functools.partial(pow, 3), name="part")
short = flow(lambda n: 2 * n, name="short")

class Jobs:
    @classmethod
    @flow(name="of-class")
    def counted(cls, n: int): return [cls.__name__, n]

@flow(flow_run_name="{name}-says-{word}")
def said(name: str, word: str = "original"): return flow_run.name

@flow(flow_run_name="at-{day:%Y}")
def dated(day: datetime.date): return flow_run.name

@flow(flow_run_name=lambda: f"called-{flow_run.parameters['n']}")
def by_function(n: int): return flow_run.name

@flow(flow_run_name="{nothing}")
def misnamed(): pass

@flow
def kw(**more): return more

@flow
def po(a: int, b: int = 2, /): return [a, b]

@flow
def ar(*values: int): return list(values)

@flow
def every(a, /, *values, c=3, **more): return [a, list(values), c, more]

@flow
def endless(limit: float = float("inf")): return limit > 1e308

def documented():
    """DOCSTRING"""
documented = flow(documented)

KNOWN = [wrapped, hidden, renamed, part, short, Jobs.counted, said, dated, by_function,
         misnamed, kw, po, ar, every, endless, documented]

def outcome(run):
    state = run.state
    return {"state": state.name, "value": run.result() if state.is_completed() else None,
            "name": run.name, "said": str(state.data), "id": run.id}

if __name__ == "__main__":
    for each in KNOWN:
        each.deploy("d", "local-pool", print_next_steps=False)
    runs = [
        run_deployment(f"{name}/d", parameters=given, flow_run_name=called, timeout=0)
        for name, given, called in json.loads(sys.argv[1])
    ]
    for each in runs:
        each.wait()
    print(json.dumps([outcome(each) for each in runs]))
'''.replace("DOCSTRING", "words \\x00 " * 20_000)


GIVEN: list[tuple[str, dict[str, Any], Any]] = [
    ("wrapped", {"n": 2}, 3),
    ("bare", {"args": [5]}, 7),
    ("renamed", {}, [1, "renamed"]),
    ("part", {"exp": 3}, 27),
    ("short", {"n": 4}, 8),
    ("of-class", {"n": 6}, ["Jobs", 6]),
    ("kw", {"z": 1, "more": 2}, {"z": 1, "more": 2}),
    ("po", {"a": 1}, [1, 2]),
    ("ar", {"values": [1, 2]}, [1, 2]),
    ("every", {"a": 0, "values": [1], "z": 2}, [0, [1], 3, {"z": 2}]),
    ("endless", {}, True),
    ("documented", {}, None),
]
NAMED: list[tuple[str, dict[str, Any], str, str]] = [
    ("said", {"name": "Mark"}, "", "Mark-says-original"),
    ("dated", {"day": "2026-01-31"}, "", "at-2026"),
    ("by-function", {"n": 3}, "", "called-3"),
    ("said", {"name": "Mark"}, "as asked for", "as asked for"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What became of runs, by the name of the flow and what the run was to be called."""

    by_name: dict[tuple[str, str], dict[str, Any]]
    server: Serving
    folder: Path

    def penstock(self, *arguments: str) -> str:
        return python(self.server, self.folder, "-m", "penstock.cli", *arguments)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    """All of them wait for workers at the same time."""
    folder = tmp_path_factory.mktemp("flows")
    (folder / "decorating.py").write_text(DECORATING)
    (folder / "pumping.py").write_text(PUMPING)
    asked = [(name, given, "") for name, given, _ in GIVEN]
    asked += [(name, given, called) for name, given, called, _ in NAMED]
    asked.append(("misnamed", {}, ""))
    with Serving(tmp_path_factory.mktemp("server")) as server:
        told = json.loads(python(server, folder, "pumping.py", json.dumps(asked)))
        by_name = {(it[0], it[2]): each for it, each in zip(asked, told, strict=True)}
        yield Outcomes(by_name=by_name, server=server, folder=folder)


def python(server: Serving, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env=clean_environment(
            PENSTOCK_HOME=str(folder / "store"), PENSTOCK_ADDRESS=server.address
        ),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, _, value in GIVEN])
def test_the_flow_that_was_deployed_runs_with_what_it_is_given(
    outcomes: Outcomes, name: str, value: Any
) -> None:
    run = outcomes.by_name[name, ""]
    assert (run["state"], run["value"]) == ("Completed", value), run


def test_a_deployed_flow_has_the_options_that_it_was_given(outcomes: Outcomes) -> None:
    run = outcomes.by_name["renamed", ""]
    log = outcomes.penstock("flow-run", "logs", run["id"])
    assert "Run of renamed begins" in log
    [printed] = [line for line in log.splitlines() if line.endswith("seen")]
    assert "penstock.flow_runs" in printed


@pytest.mark.parametrize(
    ("name", "called", "run_name"), [(name, called, it) for name, _, called, it in NAMED]
)
def test_a_deployed_run_is_named_by_its_author_unless_somebody_names_it(
    outcomes: Outcomes, name: str, called: str, run_name: str
) -> None:
    run = outcomes.by_name[name, called]
    assert (run["state"], run["value"], run["name"]) == ("Completed", run_name, run_name), run
    assert run["id"] in outcomes.penstock("flow-run", "ls", "--name", run_name, "-o", "json")


def test_a_name_that_cannot_be_made_is_told_by_the_run(outcomes: Outcomes) -> None:
    run = outcomes.by_name["misnamed", ""]
    assert run["state"] == "Failed"
    assert (
        "the name '{nothing}' has an unknown placeholder {nothing}: known are flow_name"
        in run["said"]
    )
