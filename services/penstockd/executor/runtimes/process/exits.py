"""How a process ended, in words."""

import signal

from penstockd.executor.runtimes import Exit

# What `penstock.child` says of a run that it could not begin.
EX_TEMPFAIL = 75


def exit_of(returncode: int) -> Exit:
    """Return what `Popen.returncode` says: minus the signal's number if one killed it."""
    if returncode == EX_TEMPFAIL:
        message = f"exit code {returncode}: the run could not begin, or not go on"
        return Exit(code=returncode, message=message, interrupted=True)
    if returncode >= 0:
        return Exit(code=returncode, message=f"exit code {returncode}")
    try:
        name = signal.Signals(-returncode).name
    except ValueError:
        name = f"signal {-returncode}"
    return Exit(message=f"killed by {name}", interrupted=True)
