"""How a process ended, in words."""

import signal

from penstockd.executor.runtimes import Exit


def exit_of(returncode: int) -> Exit:
    """Return what `Popen.returncode` says: minus the signal's number if one killed it."""
    if returncode >= 0:
        return Exit(code=returncode, message=f"exit code {returncode}")
    try:
        return Exit(message=f"killed by {signal.Signals(-returncode).name}")
    except ValueError:
        return Exit(message=f"killed by signal {-returncode}")
