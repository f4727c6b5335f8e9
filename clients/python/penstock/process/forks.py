"""What a forked child may not go on with: the calls that its parent is in."""

from __future__ import annotations

import os
import sys
import traceback
from typing import NoReturn

# How many forks lie between the first process and this one. It differs between before and
# after a call in a child that was forked inside: that call belongs to the parent.
depth = 0


def end_child() -> NoReturn:
    """End this process as Python would, but without what the parent does at its end."""
    code = _exit_code(sys.exc_info()[1])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            code = code or 1
    os._exit(code)


def _exit_code(error: BaseException | None) -> int:
    if error is None:
        return 0
    if isinstance(error, SystemExit):
        if error.code is None or isinstance(error.code, int):
            return (error.code or 0) & 0xFF
        sys.stderr.write(f"{error.code}\n")
        return 1
    traceback.print_exception(error)
    return 1


def _count() -> None:
    global depth  # noqa: PLW0603 - it is read twice by each call of a task
    depth += 1


os.register_at_fork(after_in_child=_count)
