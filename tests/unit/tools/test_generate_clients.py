"""Which clients are generated, from what, and when their plugins are made anew."""

import json
from pathlib import Path

import pytest

from tools.generate_clients import (
    CLIENTS,
    LANGUAGES,
    LOCKS,
    ROOT,
    CannotGenerateError,
    Language,
    choose,
    generate,
    prepare,
)

NAMES = [language.name for language in LANGUAGES]
COUNT = (("sh", "-c", "echo made >> ../count"),)


def names_of(languages: list[Language]) -> list[str]:
    return [language.name for language in languages]


def test_a_language_without_its_toolchain_is_left_out_and_told() -> None:
    chosen, left_out = choose([], lambda program: program not in {"mvn", "node", "npm"})
    assert names_of(chosen) == ["go", "rust"]
    assert left_out == [
        "typescript: not generated, it needs node and npm on the path",
        "java: not generated, it needs mvn on the path",
    ]


def test_only_what_is_asked_for_is_generated() -> None:
    chosen, left_out = choose(["typescript", "go"], lambda _: True)
    assert (names_of(chosen), left_out) == (["typescript", "go"], [])


def test_a_language_that_is_asked_for_must_be_there() -> None:
    with pytest.raises(CannotGenerateError, match="go: not generated, it needs go"):
        choose(["go"], lambda _: False)


def test_an_unknown_language_is_told_the_known_ones() -> None:
    with pytest.raises(CannotGenerateError, match=r"cobol: choose among go, typescript"):
        choose(["cobol"], lambda _: True)


@pytest.fixture
def locks(tmp_path: Path) -> Path:
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks/go.sum").write_text("1")
    return tmp_path / "locks"


def times_made(folder: Path) -> int:
    return len((folder.parent / "count").read_text().split())


def test_plugins_are_made_once_for_the_same_locks(locks: Path, tmp_path: Path) -> None:
    folder = tmp_path / "go"
    prepare(locks, folder, COUNT)
    prepare(locks, folder, COUNT)
    assert times_made(folder) == 1
    assert (folder / "go.sum").read_text() == "1"


def test_other_locks_make_all_anew(locks: Path, tmp_path: Path) -> None:
    folder = tmp_path / "go"
    prepare(locks, folder, COUNT)
    (folder / "leftover").touch()
    (locks / "go.sum").write_text("2")
    prepare(locks, folder, COUNT)
    assert times_made(folder) == 2
    assert not (folder / "leftover").exists()


def test_plugins_that_failed_are_tried_again(locks: Path, tmp_path: Path) -> None:
    folder = tmp_path / "go"
    with pytest.raises(Exception, match="false"):
        prepare(locks, folder, (*COUNT, ("false",)))
    prepare(locks, folder, COUNT)
    assert times_made(folder) == 2


def test_a_template_that_writes_nothing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / LOCKS / "none").mkdir(parents=True)
    (tmp_path / "buf.gen.none.yaml").write_text("version: v2\nplugins: []\n")
    (tmp_path / "weir.proto").write_text('syntax = "proto3";\n')
    language = Language(name="none", toolchain=(), generated="src", prepare=())
    with pytest.raises(Exception, match=r"buf\.gen\.none\.yaml"):
        generate(tmp_path, language)


@pytest.mark.parametrize("name", NAMES)
def test_no_client_imports_what_only_the_server_has(name: str) -> None:
    python, other = (
        (ROOT / template).read_text() for template in ("buf.gen.yaml", f"buf.gen.{name}.yaml")
    )
    inputs = python[python.index("inputs:") : python.index("plugins:")]
    assert inputs in other


@pytest.mark.parametrize("name", NAMES)
def test_a_client_lands_where_git_does_not_look(name: str) -> None:
    lines = (ROOT / f"buf.gen.{name}.yaml").read_text().splitlines()
    outs = [line.split()[-1] for line in lines if line.strip().startswith("out:")]
    assert outs
    assert all(Path(out).is_relative_to(CLIENTS / name) for out in outs)


def test_npm_is_told_versions_and_no_addresses() -> None:
    lock = json.loads((ROOT / LOCKS / "typescript/package-lock.json").read_text())
    packages = [each for path, each in lock["packages"].items() if path]
    assert packages
    assert all("integrity" in each and "resolved" not in each for each in packages)
