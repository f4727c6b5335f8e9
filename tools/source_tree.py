"""Reads the hand-written Python of a checkout, for the checks beside it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

SDK = "clients/python/penstock"
SERVER = "services/penstockd"
_GENERATED = (f"{SDK}/api/*", "store/statement_texts*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    path: PurePosixPath
    """Relative to the root of the checkout."""
    text: str
    tree: ast.Module

    @property
    def in_sdk(self) -> bool:
        return self.path.is_relative_to(SDK)

    @property
    def in_server(self) -> bool:
        return self.path.is_relative_to(SERVER)

    @property
    def service(self) -> str | None:
        """`state` for anything in services/penstockd/state/."""
        return self.path.parts[2] if self.in_server and len(self.path.parts) > 3 else None

    @property
    def layer(self) -> str | None:
        """`rules` for services/penstockd/state/rules/flow_run.py and for …/state/rules.py."""
        return PurePosixPath(self.path.parts[3]).stem if self.service else None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    path: PurePosixPath
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def modules(root: Path, *folders: str) -> Iterator[Module]:
    """Every hand-written module below the folders; a folder that does not exist has none."""
    for folder in folders:
        for file in sorted((root / folder).rglob("*.py")):
            path = PurePosixPath(file.relative_to(root).as_posix())
            if not any(_matches(path, pattern) for pattern in _GENERATED):
                text = file.read_text()
                yield Module(path=path, text=text, tree=ast.parse(text, str(path)))


def report(findings: list[Finding], passed: str) -> int:
    for finding in sorted(findings):
        print(finding)
    if not findings:
        print(passed)
    return 1 if findings else 0


def _matches(path: PurePosixPath, pattern: str) -> bool:
    return any(part.match(pattern) for part in (path, *path.parents))
