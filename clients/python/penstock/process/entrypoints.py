"""How the code of a flow is named, so that another process finds it."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from penstock.exceptions import EntrypointNotFound


def entrypoint(fn: Callable[..., Any]) -> tuple[str, Path]:
    """Return `file.py:function` for a function of a script, and the file's folder.

    A function of a package is named by its module, and the folder is the one above the
    package: alone, the file could not import its neighbours.

    Raises:
        ValueError: the function is inside another one, so nobody else can find it.
    """
    if "<locals>" in fn.__qualname__:
        raise ValueError(
            f"{fn.__qualname__} is defined inside a function: move it to the top of its module"
        )
    file = Path(fn.__code__.co_filename).resolve()
    module = _module(fn)
    parts = tuple(module.split("."))
    if len(parts) > 1 and file.with_suffix("").parts[-len(parts) :] == parts:
        return f"{module}:{fn.__qualname__}", file.parents[len(parts) - 1]
    return f"{file.name}:{fn.__qualname__}", file.parent


def _module(fn: Callable[..., Any]) -> str:
    """Return the name by which others import the module, also if `python -m` runs it."""
    spec = getattr(sys.modules.get(fn.__module__), "__spec__", None)
    return fn.__module__ if spec is None else str(spec.name)


def source_digest(fn: Callable[..., Any]) -> bytes:
    """Return the SHA-256 of the file that the function is in; empty if it cannot be read."""
    try:
        return sha256(Path(fn.__code__.co_filename).read_bytes()).digest()
    except OSError:
        return b""


def load(where: str) -> Any:
    """Import the code, but not as `__main__`, and return what the entrypoint names.

    Raises:
        EntrypointNotFound: file, module or name does not exist here.
    """
    place, colon, name = where.rpartition(":")
    if not colon or not place or not name:
        raise EntrypointNotFound(
            f"{where!r} is no entrypoint: write path/to/file.py:function "
            "or package.module:function"
        )
    module = _from_file(Path(place)) if place.endswith(".py") else _by_name(place)
    found: Any = module
    for part in name.split("."):
        if not hasattr(found, part):
            raise EntrypointNotFound(f"{place} has no {name!r}")
        found = getattr(found, part)
    return found


def _by_name(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not name.startswith(error.name):
            raise
        raise EntrypointNotFound(f"there is no module {name} on the import path") from None


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise EntrypointNotFound(
            f"the file {path.absolute()} does not exist on this machine: "
            "deploy the flow again from where its code is"
        )
    path = path.resolve()
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    name = path.stem
    known = sys.modules.get(name)
    if known is not None and getattr(known, "__file__", None) == str(path):
        return known
    if known is not None or name in sys.stdlib_module_names:
        # Others import that one by this name.
        name = f"penstock_entrypoint_{name}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise EntrypointNotFound(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    # Classes of the module are pickled by its name, so it must be found under it.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
