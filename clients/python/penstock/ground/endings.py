"""Whether Python still calls at the end of the program what is registered for it now.

It ends `threading` first, and then calls exit handlers, in which programs may run flows too.
What is registered while they are called is never called. `threading` refuses it by then, but
only if it was loaded before the end: so this module is imported with the package itself.
"""

from __future__ import annotations

import sys

_loaded_before = "threading" in sys.modules

import atexit  # noqa: E402 - the line above must come first
import threading  # noqa: E402
from collections.abc import Callable  # noqa: E402

_PROGRAMS = ("<module>", "_run_module_as_main")


def call_at_exit(act: Callable[[], None]) -> bool:
    """Call it before Python ends its own pools of threads; tell whether that is sure."""
    register = getattr(threading, "_register_atexit", atexit.register)
    try:
        register(act)
    except RuntimeError:
        # If the exit handlers themselves have not begun.
        atexit.register(act)
        return False
    return not _imported_at_exit


def _is_in_exit_handler() -> bool:
    """Python calls exit handlers from nowhere, and programs as modules."""
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_name not in _PROGRAMS


_imported_at_exit = not _loaded_before and _is_in_exit_handler()
