"""No word that a person can write where another belongs is taken for a bug in Penstock."""

from pathlib import Path

import pytest

from fixtures_cli import Answer, Penstock
from integration.cli.hostile_calls import SERVERS, calls_of
from penstock.cli.commands import COMMANDS

OF_USERS = {0, 1, 2, 4, 78}
OURS = ("this is a bug", "clients/python/penstock", "services/penstockd")


def is_told(answer: Answer, codes: set[int]) -> bool:
    """Tell whether a command did its work, or said what was wrong without frames of ours."""
    ours = any(words in answer.err for words in OURS)
    return (
        answer.code in codes
        and not ours
        and bool(answer.code == 0 or answer.err.strip() or answer.out.strip())
    )


@pytest.fixture
def furnished(penstock: Penstock, tmp_path: Path) -> Penstock:
    """Have a run, a pool, a queue and a deployment, and a folder that is called like a file."""
    (tmp_path / "folder.py").mkdir()
    for call in (
        ["run", "flows.py:calc", "-p", "x=1"],
        ["pool", "create", "p"],
        ["queue", "create", "p", "q"],
        ["deploy", "flows.py:calc", "-n", "nightly", "--pool", "p"],
    ):
        assert penstock(*call).code == 0
    return penstock


@pytest.mark.parametrize("path", sorted(set(COMMANDS) - SERVERS))
def test_a_word_that_does_not_fit_is_refused_as_a_mistake(
    furnished: Penstock, path: str
) -> None:
    wrong = []
    for call in calls_of(path):
        answer = furnished(*call)
        if not is_told(answer, OF_USERS):
            wrong.append(([word[:40] for word in call], answer.code, answer.err[-300:]))
    assert wrong == []
