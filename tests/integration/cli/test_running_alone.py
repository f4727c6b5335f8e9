"""`penstock run` as a process of its own: what it says of a run, and how often."""

from pathlib import Path

from fixtures_cli import FLOWS, outside


def test_an_error_is_shown_with_its_stack_once(tmp_path: Path) -> None:
    (tmp_path / "flows.py").write_text(FLOWS)
    done = outside(
        "-m", "penstock.cli", "run", "flows.py:bad",
        home=tmp_path / "home", cwd=tmp_path, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count('raise ValueError("boom went off")') == 1
    last = done.stderr.splitlines()[-1]
    assert " | ERROR | " in last
    assert "Failed (2 tasks, 1 failed, " in last


def test_an_error_is_shown_also_if_the_log_is_silent(tmp_path: Path) -> None:
    silent = "import logging\nlogging.getLogger('penstock').setLevel(100)\n"
    (tmp_path / "flows.py").write_text(FLOWS + silent)
    done = outside(
        "-m", "penstock.cli", "run", "flows.py:bad",
        home=tmp_path / "home", cwd=tmp_path, capture_output=True,
    )  # fmt: skip
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert done.stderr.endswith("ValueError: boom went off\n")
