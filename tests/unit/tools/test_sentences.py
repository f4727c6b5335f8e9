"""The list of sentences holds all that people may read, and what is committed is current."""

from pathlib import Path

import pytest

from tools.sentences import FILE, text

ROOT = Path(__file__).resolve().parents[3]
MODULE = "clients/python/penstock/sample.py"


def listed(root: Path, code: str) -> list[str]:
    (root / MODULE).parent.mkdir(parents=True, exist_ok=True)
    (root / MODULE).write_text(code)
    _, _, said = text(root).partition(f"{MODULE}\n")
    return [line.strip() for line in said.splitlines()]


def test_what_is_generated_is_what_is_committed() -> None:
    assert (ROOT / FILE).read_text() == text(ROOT), "run `make gen`, and review the new words"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ('raise ValueError("no flow runs match")', ["no flow runs match"]),
        ('say(f"{self._count!r} of {most} are left")', ["{count} of {most} are left"]),
        ('say(f"it has {1 + 1} and {full(name)} more")', ["it has {…} and {name} more"]),
        ("say(f\"it has {one or 'no answer yet'}\")", ["it has {…}", "no answer yet"]),
        ('say("the first"\n    " the second")', ["the first the second"]),
        ('logger.warning("retry %d of %d", 1, 2)', ["retry %d of %d"]),
        ('WHY = {"gone": "it is gone"}', ["it is gone"]),
        ('say("it is gone")\nsay("it is gone")', ["it is gone"]),
        ('@click.command(cls=C)\ndef f():\n    """Do it now."""', ["Do it now."]),
    ],
)
def test_a_sentence_is_listed(tmp_path: Path, code: str, said: list[str]) -> None:
    assert listed(tmp_path, code) == said


@pytest.mark.parametrize(
    "code",
    [
        '"""What this module does."""',
        'def f():\n    """What this function does."""',
        'class A:\n    a: int\n    """What it is."""',
        'logger.info("run.transitioned")',
        'READ = "SELECT a FROM b WHERE c = ?1"',
        'KIND = cast("Mapping[str, int] | None", kind)',
    ],
)
def test_what_nobody_is_told_is_not_listed(tmp_path: Path, code: str) -> None:
    assert listed(tmp_path, code) == []
