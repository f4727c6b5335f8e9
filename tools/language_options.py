"""Writes into each file of the contract what generators of other languages need to know.

Every option follows from the package, so that nobody types one: `penstock.api.state.v1` is
`statev1` in Go, `dev.penstock.api.state.v1` in Java and `Penstock.Api.State.V1` in C#.
"""

import re
import sys
from pathlib import Path, PurePosixPath

from tools.source_tree import Finding, report

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = "proto/penstock"
GO_MODULE = "penstock.dev/client-go"
_PACKAGE = re.compile(r"^package penstock\.(api\.(\w+)\.(v\d+));$", re.MULTILINE)
_LANGUAGES = re.compile(r"^option (?:csharp|go|java)_\w+ = .*;\n", re.MULTILINE)
_HEADER = re.compile(r"^(?:package|import) .*;\n", re.MULTILINE)


def with_options(text: str) -> str:
    """Return a file of the contract with the options of its package, in buf's order."""
    package = _PACKAGE.search(text)
    if package is None:
        raise ValueError("its package must be `penstock.api.DOMAIN.vN`")
    bare = re.sub(r"\n{3,}", "\n\n", _LANGUAGES.sub("", text))
    *_, last = _HEADER.finditer(bare)
    options = "\n".join(_options(*package.groups()))
    return f"{bare[: last.end()]}\n{options}\n{bare[last.end() :]}"


def _options(path: str, domain: str, version: str) -> list[str]:
    folder = path.replace(".", "/")
    csharp = ".".join(word.capitalize() for word in path.split("."))
    return [
        f'option csharp_namespace = "Penstock.{csharp}";',
        f'option go_package = "{GO_MODULE}/{folder};{domain}{version}";',
        "option java_multiple_files = true;",
        f'option java_package = "dev.penstock.{path}";',
    ]


def stale(root: Path) -> dict[Path, str]:
    """Return the files whose options are missing or others, with what they should say."""
    files = ((path, path.read_text()) for path in sorted((root / CONTRACT).rglob("*.proto")))
    wanted = ((path, text, with_options(text)) for path, text in files)
    return {path: right for path, text, right in wanted if right != text}


def main(arguments: list[str]) -> int:
    wrong = stale(ROOT)
    if "--check" not in arguments:
        for path, text in wrong.items():
            path.write_text(text)
            print(f"wrote the options of {path.relative_to(ROOT)}")
        return 0
    findings = [
        Finding(
            path=PurePosixPath(path.relative_to(ROOT)),
            line=1,
            message="its language options are not those of its package: try `make fmt`",
        )
        for path in wrong
    ]
    return report(findings, "contract: every file says its language options")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
