"""The contract may change at every turn until a release holds it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FILE = "proto/penstock/api/type/v1/page.proto"
CONTRACT = """\
syntax = "proto3";
package penstock.api.type.v1;
message Page {
  string token = 1;
}
"""
BROKEN = CONTRACT.replace("string token", "int64 token")
WIDENED = CONTRACT.replace("}", "  string title = 2;\n}")
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


class Checkout:
    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=a", "-c", "user.email=a@b.c")
        done = subprocess.run(
            ["git", *identity, *arguments],
            cwd=self.root,
            check=True,
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
        )
        return done.stdout.strip()

    def commit(self, contract: str) -> str:
        (self.root / FILE).write_text(contract)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a change")
        return self.git("rev-parse", "HEAD")

    def mark(self, release: str) -> None:
        (self.root / "proto/RELEASE").write_text(f"{release}\n")

    def check(self) -> tuple[bool, str]:
        done = subprocess.run(
            ["tools/breaking.sh"],
            cwd=self.root,
            check=False,
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
        )
        return done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path)
    for folder in ("tools", str(Path(FILE).parent), "proto/third_party/buf/validate"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / "tools/breaking.sh", tmp_path / "tools")
    shutil.copy(ROOT / "buf.yaml", tmp_path)
    validate = "proto/third_party/buf/validate/validate.proto"
    shutil.copy(ROOT / validate, tmp_path / validate)
    made.git("init", "--quiet")
    made.commit(CONTRACT)
    return made


def test_before_a_release_anything_goes(checkout: Checkout) -> None:
    checkout.commit(BROKEN)
    assert checkout.check() == (True, "buf breaking: no release yet, so nothing can break\n")


def test_a_tag_that_is_no_release_binds_nobody(checkout: Checkout) -> None:
    for tag in ("v1.0.0-rc1", "v1", "verified"):
        checkout.git("tag", tag)
    checkout.commit(BROKEN)
    assert checkout.check()[0]


def test_after_a_release_a_breaking_change_is_refused(checkout: Checkout) -> None:
    checkout.git("tag", "v1.0.0")
    checkout.commit(BROKEN)
    passed, said = checkout.check()
    assert not passed
    assert "buf breaking against v1.0.0" in said
    assert 'changed type from "string" to "int64"' in said


def test_after_a_release_the_contract_still_grows(checkout: Checkout) -> None:
    checkout.git("tag", "v1.0.0")
    checkout.commit(WIDENED)
    assert checkout.check() == (True, "buf breaking against v1.0.0\n")


def test_the_newest_release_is_held(checkout: Checkout) -> None:
    checkout.git("tag", "v1.9.0")
    checkout.commit(WIDENED)
    checkout.git("tag", "v1.10.0")
    checkout.commit(CONTRACT)
    passed, said = checkout.check()
    assert not passed
    assert "against v1.10.0" in said


def test_a_clone_without_tags_holds_what_the_mark_names(checkout: Checkout) -> None:
    checkout.mark(checkout.git("rev-parse", "HEAD"))
    checkout.commit(BROKEN)
    assert not checkout.check()[0]


def test_a_mark_that_was_not_moved_frees_nobody_from_the_newest_tag(checkout: Checkout) -> None:
    checkout.mark(checkout.git("rev-parse", "HEAD"))
    checkout.commit(WIDENED)
    checkout.git("tag", "v1.1.0")
    checkout.commit(CONTRACT)
    assert not checkout.check()[0]


def test_one_release_is_compared_with_once(checkout: Checkout) -> None:
    checkout.git("tag", "v1.0.0")
    checkout.mark("v1.0.0")
    assert checkout.check() == (True, "buf breaking against v1.0.0\n")


def test_a_clone_that_lacks_the_release_says_so(checkout: Checkout) -> None:
    checkout.mark("v1.0.0")
    passed, said = checkout.check()
    assert not passed
    assert "fetch all history" in said
