"""Tells an error on standard error, with the frames of the user's code only."""

from __future__ import annotations

import importlib
import sys
import traceback
from types import TracebackType

from penstock.engine.user_frames import strip

_IMPORTING = ("<frozen importlib", importlib.__file__)


def show(error: BaseException) -> None:
    strip(error)
    error.__traceback__ = _without_imports(error.__traceback__)
    traceback.print_exception(error, file=sys.stderr)
    sys.stderr.flush()


def _without_imports(trace: TracebackType | None) -> TracebackType | None:
    """Leave out how the import system came to the user's module."""
    if trace is None:
        return None
    following = _without_imports(trace.tb_next)
    if trace.tb_frame.f_code.co_filename.startswith(_IMPORTING):
        return following
    return TracebackType(following, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)
