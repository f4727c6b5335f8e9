"""Tracebacks without the product's own frames: people read about their code."""

from __future__ import annotations

import importlib
import sys
import threading
from types import TracebackType

_OURS = ("penstock", "penstockd")
# What we call, whose frames say nothing to people when they stand below ours.
_BELOW_OURS = ("asyncio", "concurrent", "contextlib", "grpc", "pydantic")
_IMPORTING = ("<frozen importlib", importlib.__file__)
_installed = False


def only_user_frames(trace: TracebackType | None) -> TracebackType | None:
    """Return the traceback without our frames; empty if all are ours."""
    kept: list[TracebackType] = []
    below = False
    while trace is not None:
        name = dict.get(trace.tb_frame.f_globals, "__name__")
        package = name.partition(".")[0] if type(name) is str else ""
        below = package in _OURS or (below and package in _BELOW_OURS)
        if not below:
            kept.append(trace)
        trace = trace.tb_next
    return _linked(kept)


def without_imports(trace: TracebackType | None) -> TracebackType | None:
    """Leave out how the import system came to the user's module."""
    kept: list[TracebackType] = []
    while trace is not None:
        if not trace.tb_frame.f_code.co_filename.startswith(_IMPORTING):
            kept.append(trace)
        trace = trace.tb_next
    return _linked(kept)


def _linked(traces: list[TracebackType]) -> TracebackType | None:
    following: TracebackType | None = None
    for each in reversed(traces):
        following = TracebackType(following, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return following


def strip(error: BaseException) -> None:
    """Take our frames out of an exception and out of what led to it."""
    seen: set[int] = set()
    pending: list[BaseException | None] = [error]
    while pending:
        each = pending.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        each.__traceback__ = only_user_frames(each.__traceback__)
        pending += [each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            pending += each.exceptions


def install() -> None:
    """From now on an exception that nobody caught is shown without our frames."""
    global _installed  # noqa: PLW0603 - one hook per process
    if _installed:
        return
    _installed = True
    shown, shown_in_thread = sys.excepthook, threading.excepthook

    def show(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        strip(error)
        shown(kind, error, only_user_frames(trace))

    def show_in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            strip(args.exc_value)
        shown_in_thread(args)

    sys.excepthook, threading.excepthook = show, show_in_thread
