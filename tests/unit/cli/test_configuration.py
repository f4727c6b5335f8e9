"""`config view` and `completion`, `--version`: what this machine's own program says."""

from importlib.metadata import version

import pytest

import penstock as sdk
from fixtures_cli import Penstock


def test_each_setting_is_told_with_its_source(
    penstock: Penstock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_ADDRESS", "localhost:1")
    monkeypatch.setenv("PENSTOCK_DATABASE", "postgresql://me:SECRET@host/db?password=SECRET")
    monkeypatch.setenv("PENSTOCK_STATE_ADDRESS", "http://me:SECRET@host:port/?pwd=SECRET")
    monkeypatch.setenv("PENSTOCK_NAMESPCE", "mine")
    monkeypatch.setenv("PENSTOCK_STATE_QUOTA_RUNS", "3")
    rows = {row["setting"]: row for row in penstock("config", "view", "-o", "json").json}
    told = {name: (row["value"], row["source"]) for name, row in rows.items()}
    assert told["PENSTOCK_ADDRESS"] == ("localhost:1", "environment")
    assert told["PENSTOCK_NAMESPACE"] == ("default", "default")
    assert told["PENSTOCK_DATABASE"] == ("postgresql://…@host/db?password=…", "environment")
    assert "SECRET" not in str(told)
    assert told["PENSTOCK_NAMESPCE"][1] == "unknown setting: did you mean PENSTOCK_NAMESPACE?"
    assert told["PENSTOCK_STATE_QUOTA_RUNS"] == ("3", "environment")


@pytest.mark.parametrize(
    ("shell", "part"),
    [("bash", "complete -o nosort"), ("zsh", "#compdef penstock"), ("fish", "complete ")],
)
def test_a_shell_is_given_what_completes_commands(
    penstock: Penstock, shell: str, part: str
) -> None:
    answer = penstock("completion", shell)
    assert part in answer.out
    assert "_PENSTOCK_COMPLETE" in answer.out


def test_a_shell_is_answered_with_the_commands_that_begin_so(
    penstock: Penstock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"COMPLETE": "bash_complete"}.items():
        monkeypatch.setenv(f"_PENSTOCK_{name}", value)
    monkeypatch.setenv("COMP_WORDS", "penstock flow-run in")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert penstock().out == "plain,inspect\n"


def test_the_version_is_known_everywhere(penstock: Penstock) -> None:
    assert sdk.__version__ == version("penstock")
    assert penstock("--version").out == f"Penstock {sdk.__version__}\n"
