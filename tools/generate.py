"""Writes what is generated: stubs from proto/, statements from the tables, the sentences."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorSet

from tools import generate_max_bytes, generate_text_fields, sentences
from tools.generate_service_config import as_json, as_python, service_config

ROOT = Path(__file__).resolve().parent.parent
API = Path("clients/python/penstock/api")
DESCRIPTORS = Path("services/penstockd/chassis/descriptors.binpb")
SERVICE_CONFIG = Path("proto/service_config.json")
TEXT_FIELDS = Path("services/penstockd/chassis/text_fields.py")
MAX_BYTES = Path("services/penstockd/chassis/max_bytes.py")
STATEMENTS = Path("tools/gen_statements.py")
GENERATED = (
    f"{API}/**/*",
    str(DESCRIPTORS),
    str(SERVICE_CONFIG),
    str(TEXT_FIELDS),
    str(MAX_BYTES),
    str(sentences.FILE),
    "services/penstockd/*/store/statement_texts.py",
    "services/penstockd/*/store/statement_texts/*.py",
    "services/penstockd/*/migrations/schema_*.sql",
    "tests/sample_service/store/statement_texts.py",
    "tests/sample_service/migrations/schema_*.sql",
)
# What errors carry is in no request and in no answer, and whoever reads them needs it.
_ERRORS = ("--path", "proto/third_party/google/rpc")
PACKAGE_DOCSTRING = '"""Generated from proto/ by `make gen`; never edited."""\n'


def generate(root: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        _run(root, "buf", "generate", "--output", folder)
        # buf infers the format from the name, and keeps imports and options.
        image = fresh / DESCRIPTORS.name
        _run(
            root, "buf", "build", "--path", "proto/penstock", *_ERRORS,
            "--as-file-descriptor-set", "--exclude-source-info", "--output", str(image),
        )  # fmt: skip
        contract = FileDescriptorSet.FromString(image.read_bytes())
        config = service_config(contract)
        fields = generate_text_fields.text_fields(contract)
        bounds = generate_max_bytes.max_bytes(contract)
        _complete(fresh / API, config)
        _replace(root / API, fresh / API)
        _write(root / DESCRIPTORS, image.read_bytes())
        _write(root / SERVICE_CONFIG, as_json(config).encode())
        _write(root / TEXT_FIELDS, generate_text_fields.as_python(fields).encode())
        _write(root / MAX_BYTES, generate_max_bytes.as_python(bounds).encode())
    if (root / STATEMENTS).exists():
        _run(root, sys.executable, str(STATEMENTS))
    _write(root / sentences.FILE, sentences.text(root).encode())


def drift(before: Mapping[Path, str], after: Mapping[Path, str]) -> list[Path]:
    """The files that differ, appeared, or vanished."""
    return sorted(
        path for path in before.keys() | after.keys() if before.get(path) != after.get(path)
    )


def fingerprints(root: Path) -> dict[Path, str]:
    return {
        path.relative_to(root): sha256(path.read_bytes()).hexdigest()
        for pattern in GENERATED
        for path in root.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


def _complete(folder: Path, config: dict[str, Any]) -> None:
    """Add to what the plugins wrote what makes it one package."""
    _drop_empty_stubs(folder)
    packages = {path.parent for path in folder.rglob("*_pb2.py")}
    for package in sorted(_with_parents(packages, folder)):
        (package / "__init__.py").write_text(PACKAGE_DOCSTRING)
    (folder / "service_config.py").write_text(as_python(config, PACKAGE_DOCSTRING))


def _drop_empty_stubs(folder: Path) -> None:
    """mypy-protobuf writes a stub file even where the plugin found no service."""
    for path in folder.rglob("*_pb2_grpc.pyi"):
        if not path.with_suffix(".py").exists():
            path.unlink()


def _with_parents(packages: set[Path], top: Path) -> set[Path]:
    parents = {
        parent
        for package in packages
        for parent in package.parents
        if parent.is_relative_to(top)
    }
    return packages | parents


def _replace(old: Path, new: Path) -> None:
    fresh = dict(_files(new))
    for path, content in fresh.items():
        _write(old / path, content)
    for path, _ in list(_files(old)):
        if path not in fresh:
            (old / path).unlink()


def _files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder), path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    """Leaves an equal file alone, so that its time tells when it really changed."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _run(root: Path, *command: str) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    subprocess.run(command, cwd=root, check=True, env={**os.environ, "PATH": path})


def main(arguments: list[str]) -> int:
    before = fingerprints(ROOT)
    try:
        generate(ROOT)
    except subprocess.CalledProcessError as error:
        return int(error.returncode)
    changed = drift(before, fingerprints(ROOT))
    for path in changed:
        print(f"regenerated {path}")
    if changed and "--check" in arguments:
        print("generated code was stale: commit what `make gen` wrote")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
