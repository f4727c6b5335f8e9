"""How the code of a flow is named, so that another process finds it."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from penstock.exceptions import EntrypointNotFound
from penstock.process.bindings import Bindings
from penstock.process.functions import OWN_PROGRAM
from penstock.process.places import IsIt, Namespace, Place, places_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrypoint:
    """`file.py:name` in a folder; in a package `package.module:name`, and the folder above."""

    where: str
    folder: Path
    file: Path

    def source_digest(self) -> bytes:
        """Return the SHA-256 of the file."""
        return sha256(self.file.read_bytes()).digest()


def entrypoint(fn: Callable[..., Any], is_it: IsIt) -> Entrypoint:
    """Return how another process finds what was made of a function.

    Args:
        fn: the function that was decorated.
        is_it: tells whether an attribute of a module is what was made of it.

    Raises:
        ValueError: no other process finds it; the message says what to do.
    """
    why_not = ""
    for place in places_of(fn, is_it):
        if not (why := _why_not(place)):
            return _named(place)
        why_not = why_not or why
    raise ValueError(why_not or _nowhere(fn))


def _why_not(place: Place) -> str:
    """Return why an import does not bring what a program has there; empty if it does."""
    name, as_program = place.name, place.namespace.get("__name__") in OWN_PROGRAM
    file = Path(str(place.namespace.get("__file__") or ""))
    if not file.is_file():
        return (
            f"the code of {name} is not in a file, so no worker can import it: put it "
            "into a .py file, and deploy it from there"
        )
    if file.suffix != ".py":
        return (
            f"a worker cannot import {file}: give it a name that ends with .py"
            if as_program
            else ""
        )
    if not _binds(file, name.partition(".")[0], as_program=as_program):
        return (
            f"importing {file} does not define {name} as it is here: define it at the top "
            'level of the file, outside of `if __name__ == "__main__":`'
        )
    return ""


def _binds(file: Path, name: str, *, as_program: bool) -> bool:
    try:
        return Bindings(file.read_bytes()).has(name, as_program=as_program)
    except (OSError, SyntaxError, ValueError):
        # It has changed since it was imported; the run will tell.
        return True


def _named(place: Place) -> Entrypoint:
    """Name a module of a package by its module: alone it could not import its neighbours."""
    file = Path(place.namespace["__file__"]).resolve()
    module = _module(place.namespace)
    parts = tuple(module.split("."))
    if "__path__" in place.namespace:
        parts += ("__init__",)
    here = (*file.parent.parts, file.name.partition(".")[0])
    is_packaged = len(parts) > 1 and here[-len(parts) :] == parts
    folder = file.parents[len(parts) - 1] if is_packaged else file.parent
    home = module if is_packaged or file.suffix != ".py" else file.name
    return Entrypoint(where=f"{home}:{place.name}", folder=folder, file=file)


def _module(namespace: Namespace) -> str:
    """Return the name by which others import the module, also if `python -m` runs it."""
    spec = namespace.get("__spec__")
    return str(namespace.get("__name__") if spec is None else spec.name)


def _nowhere(fn: Callable[..., Any]) -> str:
    name = getattr(fn, "__qualname__", type(fn).__qualname__)
    if "<locals>" in name:
        return f"{name} is defined inside a function: move it to the top of its module"
    return (
        f"this flow of {name} has no name by which a worker could import it: "
        "assign it to a name at the top level of a .py file, such as `nightly = "
        "etl.with_options(...)`, and deploy that"
    )


def load(where: str) -> Any:
    """Import the code, but not as `__main__`, and return what the entrypoint names.

    Raises:
        EntrypointNotFound: file, module or name does not exist here.
    """
    place, colon, name = where.rpartition(":")
    if not colon or not place or not name:
        raise EntrypointNotFound(
            f"{where!r} is not a valid entrypoint: write path/to/file.py:function or "
            "package.module:function"
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
        raise EntrypointNotFound(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    # Classes of the module are pickled by its name, so it must be found under it.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
