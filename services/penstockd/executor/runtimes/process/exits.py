"""How a process ended, in words."""

import signal

from penstockd.executor.runtimes import Exit

# What `penstock.child` says of a run that it could not begin.
EX_TEMPFAIL = 75


# On these the interpreter writes the stack to standard error, which is in the run's log.
WITH_STACK = frozenset(
    {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL}
)


def exit_of(returncode: int, *, why_killed: str = "") -> Exit:
    """Return what `Popen.returncode` says: minus the signal's number if one killed it.

    `why_killed` is what is known of a SIGKILL that its executor did not send.
    """
    if returncode == EX_TEMPFAIL:
        message = f"exit code {returncode}: the run could not start or continue"
        return Exit(code=returncode, message=message, interrupted=True)
    if returncode >= 0:
        return Exit(code=returncode, message=f"exit code {returncode}")
    try:
        name = signal.Signals(-returncode).name
    except ValueError:
        name = f"signal {-returncode}"
    if -returncode in WITH_STACK:
        name = f"{name}: its stack is in the run's log"
    elif -returncode == signal.SIGKILL and why_killed:
        name = f"{name}: {why_killed}"
    return Exit(message=f"killed by {name}", interrupted=True)
