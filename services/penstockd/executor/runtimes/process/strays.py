"""What left the group of its run, such as by `setsid`, and still has the run's environment."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress

from penstockd.executor.runtimes.process.marks import PROC

VARIABLE = "PENSTOCK_CHILD_OF"
# Who is found may be starting another one.
LOOKS = 10


def kill_strays(lease_id: str) -> None:
    """Kill what was started under the lease, wherever it is on this machine by now.

    Each process inherits the variable, unless it is started with an environment of its own.
    """
    entry = f"{VARIABLE}={lease_id}".encode()
    for _ in range(LOOKS):
        if not sum(_killed(pid, entry) for pid in _process_ids()):
            return


def _process_ids() -> Iterator[int]:
    return (int(each.name) for each in PROC.iterdir() if each.name.isdigit())


def _killed(pid: int, entry: bytes) -> bool:
    """Kill the process if it has the entry; tell whether it was there."""
    # Most processes are of others, and their environment is not for us.
    with suppress(OSError):
        found = os.pidfd_open(pid)
        try:
            # Of this very process, or of a later one of its id: then the signal finds nobody.
            if entry in (PROC / str(pid) / "environ").read_bytes().split(b"\0"):
                signal.pidfd_send_signal(found, signal.SIGKILL)
                return True
        finally:
            os.close(found)
    return False
