"""The flow that FILE.py:FLOW names, or one line that says why there is none."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import click

from penstock.cli.exits import FAILED, complain, say
from penstock.exceptions import EntrypointNotFound
from penstock.flows import Flow, load_flow_from_entrypoint
from penstock.process.user_frames import only_user_frames, strip


def load_flow(entrypoint: str) -> Flow[Any, Any]:
    """Import the code and return the flow.

    Raises:
        click.ClickException: there is no such flow, or its code raised while it was imported.
    """
    file = entrypoint.rpartition(":")[0] or entrypoint
    if file.endswith(".py") and not Path(file).is_file():
        raise click.BadParameter(f"there is no file {file}")
    if not file.endswith(".py") and not all(map(str.isidentifier, file.split("."))):
        raise click.BadParameter(
            f"{file!r} is neither a .py file nor a module: write FILE.py:FLOW or MODULE:FLOW"
        )
    if os.getcwd() not in sys.path:  # noqa: PTH109 - as `python -m` does it
        sys.path.insert(0, os.getcwd())  # noqa: PTH109
    try:
        return load_flow_from_entrypoint(entrypoint)
    except EntrypointNotFound as error:
        raise click.BadParameter(f"{error}{_flows_in(file)}") from None
    except Exception as error:  # noqa: BLE001 - whatever the user's code raised
        if isinstance(error, ValueError) and _ours(error):
            raise click.BadParameter(str(error)) from None
        raise CodeRaised(file, error) from None


def _flows_in(file: str) -> str:
    """Name the flows of a file that was imported, for whoever misspelt one."""
    path = str(Path(file).resolve())
    known = list(sys.modules.values())
    modules = [it for it in known if getattr(it, "__file__", None) == path]
    flows = [
        name
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, Flow)
    ]
    if not modules:
        return ""
    return f"; its flows are {', '.join(flows)}" if flows else "; it has no flows"


class CodeRaised(click.ClickException):
    """The file raised while it was imported; its traceback is the user's own."""

    exit_code = FAILED

    def __init__(self, file: str, error: BaseException) -> None:
        super().__init__(
            f"{file} raised an exception while it was imported{_hint(file, error)}"
        )
        strip(error)
        error.__traceback__ = _without_import(error.__traceback__)
        self._lines = traceback.format_exception(error)

    def show(self, _file: Any = None) -> None:
        complain(self._lines)
        say(self.message)


def _hint(file: str, error: BaseException) -> str:
    """A file of a package is imported by itself, and then lacks its package."""
    relative = isinstance(error, ImportError) and "relative import" in str(error.msg)
    if not (file.endswith(".py") and relative):
        return ""
    path, here = Path(file).resolve().with_suffix(""), Path.cwd()
    inside = path.is_relative_to(here)
    module = ".".join(path.relative_to(here).parts) if inside else "package.module"
    return f"; name a file of a package by its module, such as {module}:FLOW"


def _ours(error: BaseException) -> bool:
    """Tell whether no line of the user's had a part in it."""
    theirs = only_user_frames(error.__traceback__)
    return not isinstance(error, SyntaxError) and _without_import(theirs) is None


def _without_import(trace: TracebackType | None) -> TracebackType | None:
    """Drop the import machinery above the user's file."""
    while trace and trace.tb_frame.f_code.co_filename.startswith("<frozen importlib"):
        trace = trace.tb_next
    return trace
