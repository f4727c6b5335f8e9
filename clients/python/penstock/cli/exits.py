"""Exit codes, and how an error is told: one line that says what to do next."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

import click

from penstock.errors import Code, DeadlineExceeded, PenstockError
from penstock.exceptions import ConfigurationError

DONE = 0
FAILED = 1
BAD_INPUT = 2
NOT_FOUND = 4
UNAVAILABLE = 69
INTERNAL = 70
MISCONFIGURED = 78
INTERRUPTED = 130
# As a shell counts a program that SIGPIPE ended.
NOBODY_READS = 141

BY_CODE = {
    Code.INVALID_ARGUMENT: BAD_INPUT,
    Code.ALREADY_EXISTS: BAD_INPUT,
    Code.FAILED_PRECONDITION: BAD_INPUT,
    Code.ABORTED: BAD_INPUT,
    Code.OUT_OF_RANGE: BAD_INPUT,
    Code.UNIMPLEMENTED: BAD_INPUT,
    Code.NOT_FOUND: NOT_FOUND,
    Code.UNAVAILABLE: UNAVAILABLE,
    Code.DEADLINE_EXCEEDED: UNAVAILABLE,
    Code.RESOURCE_EXHAUSTED: UNAVAILABLE,
}

EXPLAINED = """\b
Exit codes:
  0    done
  1    a run that was waited for did not complete, or `doctor` found something bad
  2    bad usage, or a value that the service refused
  4    what was named does not exist
  69   no server answers, or it has no room
  70   a bug in Penstock
  75   another server owns the store
  78   the configuration is wrong
  130  interrupted
  141  nobody reads the output any more
  143  a server was asked to stop while it started"""


class NobodyReads(Exception):
    """Whatever read the output is gone, such as `head` when it has enough."""


def told(command: Callable[[], object]) -> int:
    """Run a command and return the exit code; an error is one line on standard error."""
    try:
        return _run(command)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        say("interrupted")
        return INTERRUPTED
    except (BrokenPipeError, NobodyReads):
        # The interpreter flushes once more at its end, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except PenstockError as error:
        say(_text_of(error))
        return exit_code_of(error)
    except Exception:  # noqa: BLE001 - the process's edge
        traceback.print_exc()
        say("this is a bug in Penstock; the lines above say where")
        return INTERNAL


def _text_of(error: PenstockError) -> str:
    if isinstance(error, DeadlineExceeded):
        return (
            "no answer came in time, and nobody knows whether it happened: look, then try again"
        )
    return str(error)


def exit_code_of(error: PenstockError) -> int:
    if isinstance(error, ConfigurationError):
        return MISCONFIGURED
    return BY_CODE.get(error.code, INTERNAL)


def say(text: str) -> None:
    """Tell people something that no program reads."""
    sys.stderr.write(f"penstock: {text}\n")


def _run(command: Callable[[], object]) -> int:
    code = command()
    sys.stdout.flush()
    return code if isinstance(code, int) else DONE
