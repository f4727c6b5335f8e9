"""What README tells a newcomer to type exists."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from penstock.cli.commands import COMMANDS
from penstock.cli.lazy_group import LazyGroup

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
TYPED = re.findall(r"(?m)^(penstock .+?)(?:\s+#.*)?$", README)
QUOTED = re.findall(r"`(penstock [^`]+)`", README)


@pytest.mark.parametrize("line", [*TYPED, *QUOTED])
def test_every_command_and_option_exists(line: str) -> None:
    words = line.split()[1:]
    command = next(" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in COMMANDS)
    told = CliRunner().invoke(LazyGroup(name="penstock"), [*command.split(), "--help"]).output
    for option in (word for word in words if word.startswith("--")):
        assert option in told


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\| `([\w./-]+)` \|", README))))
def test_every_page_that_it_points_at_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?m)^make ([a-z-]+)", README))))
def test_every_target_is_there(target: str) -> None:
    assert re.search(rf"(?m)^{target}:", (ROOT / "Makefile").read_text())
