"""After its run has ended a process may tidy up, but not for ever: it takes a worker's slot."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

# In seconds: until the process is asked to terminate, and then until it is killed.
LIMIT = 30.0
FORCE_LIMIT = 0.5


def end_in_time() -> None:
    """Let threads and exit handlers of the user's end by themselves, or end the whole group."""
    threading.Thread(target=_end, name="penstock-lingering", daemon=True).start()


def _end() -> None:
    time.sleep(LIMIT)
    left = [
        thread.name
        for thread in threading.enumerate()
        if not thread.daemon and thread is not threading.main_thread()
    ]
    sys.stderr.write(
        f"the run ended {LIMIT:.0f} s ago but its process is still running: it is "
        "terminated now; join all threads before the flow returns "
        f"({', '.join(left) or 'no thread is left'})\n"
    )
    for number in (signal.SIGTERM, signal.SIGKILL):
        os.killpg(0, number)
        time.sleep(FORCE_LIMIT)
