"""Runs import-linter on the contracts of pyproject.toml, less the modules not written yet."""

import configparser
import importlib
import io
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
# A contract with fewer names than this in one of its lists says nothing.
_NEEDED = {"modules": 2, "source_modules": 1, "forbidden_modules": 1, "containers": 1}
_LISTS = (*_NEEDED, "ignore_imports", "layers", "root_packages")


def existing(contract: Mapping[str, Any], root: Path) -> dict[str, Any] | None:
    """The contract without names of absent modules, or None if nothing remains to check."""
    kept = dict(contract)
    for key, needed in _NEEDED.items():
        if key not in contract:
            continue
        kept[key] = [name for name in contract[key] if _exists(name, root)]
        if len(kept[key]) < needed:
            return None
    return kept


def _exists(name: str, root: Path) -> bool:
    home = "services" if name.split(".")[0] == "penstockd" else "clients/python"
    path = root / home / Path(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


def _as_ini(session: Mapping[str, Any], contracts: Sequence[Mapping[str, Any]]) -> str:
    parser = configparser.ConfigParser()
    sections = {"importlinter": session}
    sections |= {f"importlinter:contract:{n}": it for n, it in enumerate(contracts)}
    for section, options in sections.items():
        parser[section] = {
            key: "\n".join(["", *value]) if key in _LISTS else str(value)
            for key, value in options.items()
        }
    text = io.StringIO()
    parser.write(text)
    return text.getvalue()


def check(root: Path) -> int:
    session = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]
    declared = session.pop("contracts")
    contracts = [kept for contract in declared if (kept := existing(contract, root))]
    if not all(_exists(package, root) for package in session["root_packages"]):
        print("import-linter: there is nothing to check yet")
        return 0
    sys.path[:0] = [str(root / "clients/python"), str(root / "services")]
    importlib.invalidate_caches()
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as config:
        config.write(_as_ini(session, contracts))
        config.flush()
        return lint_imports(config_filename=config.name, no_cache=True)


if __name__ == "__main__":
    sys.exit(check(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT))
