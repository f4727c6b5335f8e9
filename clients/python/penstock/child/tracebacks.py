"""Tells an error on standard error, with the frames of the user's code only."""

from __future__ import annotations

import sys
import traceback

from penstock.process.user_frames import strip, without_imports


def show(error: BaseException) -> None:
    strip(error)
    error.__traceback__ = without_imports(error.__traceback__)
    traceback.print_exception(error, file=sys.stderr)
    sys.stderr.flush()
