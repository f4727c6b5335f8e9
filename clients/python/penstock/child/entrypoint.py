"""Finds a flow again by its entrypoint: `path/to/file.py:function` or `package.module:function`."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType

from penstock.exceptions import PenstockError


class EntrypointNotFound(PenstockError):
    """The code of the flow is not where it was when it was deployed: deploy it again."""


def enter_folder(folder: str) -> None:
    """Work in this folder.

    Raises:
        EntrypointNotFound: it does not exist here.
    """
    if not folder:
        return
    try:
        os.chdir(folder)
    except OSError as error:
        raise EntrypointNotFound(
            f"the folder {folder} cannot be entered on this machine ({error.strerror}): "
            "deploy the flow again from where its code is"
        ) from None


def load(entrypoint: str, sys_path: Sequence[str]) -> object:
    """Import the code, but not as `__main__`, and return what the entrypoint names.

    Raises:
        EntrypointNotFound: file, module or name does not exist here.
    """
    place, colon, name = entrypoint.rpartition(":")
    if not colon or not place or not name:
        raise EntrypointNotFound(
            f"{entrypoint!r} is no entrypoint: write path/to/file.py:function "
            "or package.module:function"
        )
    _put_in_front(sys_path)
    module = _from_file(Path(place)) if place.endswith(".py") else _by_name(place)
    found: object = module
    for part in name.split("."):
        if not hasattr(found, part):
            raise EntrypointNotFound(f"{place} has no {name!r}{_hint(part, found)}")
        found = getattr(found, part)
    return found


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise EntrypointNotFound(
            f"the file {path.absolute()} does not exist on this machine: "
            "deploy the flow again from where its code is"
        )
    path = path.resolve()
    _put_in_front([str(path.parent)])
    name = path.stem
    known = sys.modules.get(name)
    if known is not None and getattr(known, "__file__", None) == str(path):
        return known
    if known is not None or name in sys.stdlib_module_names:
        # Others import that one by this name.
        name = f"penstock_entrypoint_{name}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None, "it ends in .py"
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _by_name(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if missing and (name == missing or name.startswith(f"{missing}.")):
            raise EntrypointNotFound(
                f"there is no module {missing!r} on this machine: install it, or deploy the "
                f"flow again; it was looked for in {', '.join(sys.path)}"
            ) from None
        raise


def _put_in_front(folders: Sequence[str]) -> None:
    for folder in reversed(folders):
        if folder not in sys.path:
            sys.path.insert(0, folder)


def _hint(name: str, owner: object) -> str:
    close = get_close_matches(name, dir(owner), n=1)
    return f": did you mean {close[0]!r}?" if close else ""
