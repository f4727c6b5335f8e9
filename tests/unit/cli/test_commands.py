"""What commands refuse and explain by themselves, before they ask a service."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from fixtures_cli import Penstock
from penstock.cli.commands import COMMANDS, GROUPS
from penstock.cli.exits import told
from penstock.cli.lazy_group import LazyGroup
from penstock.errors import (
    DeadlineExceeded,
    FieldViolation,
    InvalidArgument,
    NotSupportedYet,
    PenstockError,
)

REFUSED = [
    (["frobnicate"], 2, "No such command 'frobnicate'"),
    (["server", "start"], 2, "'server' is `penstock up` here."),
    (["work-pool", "ls"], 2, "'work-pool' is `penstock pool` here."),
    (["block", "ls"], 2, "'block' is not in this version."),
    (["deploy", "f.py:f", "--cron", "* * * * *"], 2, "'--cron' is not in this version."),
    (["deployment", "run", "a/b", "--start-in=1h"], 2, "'--start-in' is not in this version."),
    (["flow-run", "ls", "--flow-name", "x"], 2, "'--flow-name' is '--flow' here."),
    (["flow-run", "ls", "--falow", "x"], 2, "Did you mean '--flow'?"),
    (["flow-runs"], 2, "Did you mean 'flow-run'?"),
    (["flow-run", "ls", "--since", "soon"], 2, "write how long ago, such as 30m"),
    (["flow-run", "ls", "--flow", "a/b"], 2, "cannot contain a slash"),
    (["flow-run", "ls", "--name", "x" * 256], 2, "at most 255 characters"),
    (["flow-run", "count", "--tag", ""], 2, "1 to 200 characters"),
    (["deployment", "ls", "--pool", "a b"], 2, "Work pool names take letters, digits"),
    (["pool", "create", "a/b"], 2, "Work pool names take letters, digits"),
    (["queue", "create", "pool", "-x"], 2, "No such option"),
    (["queue", "create", "pool", "a b"], 2, "Work queue names take letters, digits"),
    (["flow-run", "delete"], 2, "Missing argument 'RUN...'"),
    (["deployment", "run", "a/b/c"], 2, "must be FLOW/DEPLOYMENT"),
    (["deployment", "run", "a/b", "--tag", ""], 2, "a tag must have 1 to 200 characters"),
    (["deployment", "run", "a/b", "--param", "x"], 2, "must be NAME=VALUE"),
    (["deployment", "run", "a/b", "--params", "{x"], 2, "--params is not valid JSON"),
    (["deployment", "run", "a/b", "--params", "[1]"], 2, "must be a JSON object"),
    (
        ["deployment", "run", "a/b", "--params", '{"x": NaN}'],
        2,
        "NaN is not a valid JSON number",
    ),
    (
        ["deployment", "run", "a/b", "-p", "x=" + 200 * "[" + 200 * "]"],
        2,
        "'x' is nested too deeply",
    ),
    (["deploy", "flows.py:calc", "-n", "d/e", "--pool", "mine"], 2, "cannot contain a slash"),
    (["deploy", "flows.py:calc", "-n", "d", "--pool", "m", "-p", "z=1"], 2, "no parameter z"),
    (["run", "nofile.py:calc"], 2, "there is no file nofile.py"),
    (["run", "flows.py"], 2, "is not a valid entrypoint"),
    (["run", ".:calc"], 2, "'.' is neither a .py file nor a module"),
    (["run", "/tmp:calc"], 2, "'/tmp' is neither a .py file nor a module"),
    (["run", "a..b:calc"], 2, "'a..b' is neither a .py file nor a module"),
    (["run", "flows.py:nope"], 2, "flows.py has no 'nope'"),
    (["run", "flows.py:plain"], 2, "not a flow"),
]


@pytest.mark.parametrize(("arguments", "code", "text"), REFUSED, ids=lambda it: str(it)[:60])
def test_what_is_wrong_is_said_with_its_exit_code(
    penstock: Penstock, arguments: list[str], code: int, text: str
) -> None:
    penstock.refuses(arguments, code, text)


@pytest.mark.parametrize("path", [*COMMANDS, *GROUPS])
def test_every_command_explains_itself(path: str) -> None:
    answer = CliRunner().invoke(LazyGroup(name="penstock"), [*path.split(), "--help"])
    assert answer.exit_code == 0
    assert answer.output.startswith("Usage: ")


def test_a_file_that_raises_shows_only_its_own_lines(penstock: Penstock) -> None:
    Path("broken.py").write_text("1 / 0\n")
    answer = penstock("run", "broken.py:f")
    assert answer.code == 1
    assert answer.err.count('File "') == 1
    assert "broken.py raised an exception while it was imported" in answer.err


def test_addresses_for_some_services_only_are_a_wrong_configuration(
    penstock: Penstock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_STATE_ADDRESS", "localhost:1")
    answer = penstock("flow-run", "ls")
    assert answer.code == 78
    assert "PENSTOCK_SCHEDULER_ADDRESS" in answer.err


@pytest.mark.parametrize(
    ("variable", "value", "text"),
    [
        (
            "PENSTOCK_ADDRESS",
            "http://localhost:4200/api",
            "write PENSTOCK_ADDRESS=localhost:4200",
        ),
        ("PENSTOCK_STATE_ADDRESS", "host", "write PENSTOCK_STATE_ADDRESS=host:7470"),
        ("PENSTOCK_NAMESPACE", "a b", "PENSTOCK_NAMESPACE=a b is not a valid name"),
    ],
)
def test_a_setting_that_is_not_valid_is_a_wrong_configuration(
    penstock: Penstock, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, text: str
) -> None:
    monkeypatch.setenv(variable, value)
    penstock.refuses(["flow-run", "ls"], 78, text)


def test_what_a_service_refuses_is_told_by_the_names_of_fields(
    capsys: pytest.CaptureFixture[str],
) -> None:
    violation = FieldViolation(field="filter.flow_names[0]", description="must be shorter")

    def raising() -> None:
        raise InvalidArgument("ListFlowRuns: filter.flow_names[0]: must be shorter", violation)

    assert told(raising) == 2
    assert capsys.readouterr().err == "penstock: flow names must be shorter\n"


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (DeadlineExceeded("Deadline Exceeded"), 69, "it may or may not have happened"),
        (NotSupportedYet("priority is not supported yet"), 2, "priority is not supported yet"),
    ],
)
def test_an_error_of_the_service_is_one_line(
    capsys: pytest.CaptureFixture[str], error: PenstockError, code: int, text: str
) -> None:
    def raising() -> None:
        raise error

    assert told(raising) == code
    [line] = capsys.readouterr().err.splitlines()
    assert text in line
