"""Exit codes, and how an error is told: one line that says what to do next."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from io import StringIO

import click

from penstock.cli.printing import NobodyReads, OutputLost, put_all, settle
from penstock.cli.streams import drop_output
from penstock.errors import (
    Code,
    DeadlineExceeded,
    FieldViolation,
    InvalidArgument,
    PenstockError,
)
from penstock.exceptions import ConfigurationError
from penstock.ground.printable import continued

DONE = 0
FAILED = 1
BAD_INPUT = 2
NOT_FOUND = 4
UNAVAILABLE = 69
INTERNAL = 70
OUTPUT_LOST = 74
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
  1    a run that was waited for did not complete, or `doctor` found a problem
  2    wrong usage, or a value that the service refused
  4    something that was named does not exist
  69   no server answers, or the store cannot be used
  70   a bug in Penstock
  74   the output cannot be written, for example because the disk is full
  75   another server owns the store
  78   the configuration is wrong
  130  interrupted
  141  the reader of the output has gone
  143  a server was told to stop while it was starting"""


def told(command: Callable[[], object]) -> int:
    """Run a command and return the exit code; an error is one line on standard error."""
    code = _told(command)
    # What others printed would else be written, or lost, at the interpreter's end.
    lost = _told(settle)
    put_all((), err=True)
    return code or lost


def _told(command: Callable[[], object]) -> int:
    try:
        code = command()
    except click.ClickException as error:
        _explain(error)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        say("interrupted")
        return INTERRUPTED
    except NobodyReads:
        drop_output()
        return NOBODY_READS
    except OutputLost as error:
        drop_output()
        say(f"the output cannot be written: {error}")
        return OUTPUT_LOST
    except PenstockError as error:
        say(_text_of(error))
        return exit_code_of(error)
    except Exception as error:  # noqa: BLE001 - the process's edge
        complain(traceback.format_exception(error))
        say("this is a bug in Penstock; the lines above say where")
        return INTERNAL
    return code if isinstance(code, int) else DONE


def _explain(error: click.ClickException) -> None:
    text = StringIO()
    error.show(text)
    shown = click.unstyle(text.getvalue())
    if not isinstance(error, click.exceptions.NoArgsIsHelpError):
        # It may have what was typed, or a server's words.
        message = error.format_message()
        shown = shown.replace(click.unstyle(message), "\n".join(continued(message)))
    complain([shown])


def _text_of(error: PenstockError) -> str:
    if isinstance(error, DeadlineExceeded):
        return (
            "no answer came in time, so it may or may not have happened: check, then try again"
        )
    if isinstance(error, InvalidArgument) and error.violations:
        return "; ".join(map(_told_violation, error.violations))
    return str(error)


def _told_violation(violation: FieldViolation) -> str:
    """Return `name must be …` for a field such as `filter.flow_names[0]`."""
    field = violation.field.rpartition(".")[2].partition("[")[0]
    return f"{field.replace('_', ' ')} {violation.description}"


def exit_code_of(error: PenstockError) -> int:
    if isinstance(error, ConfigurationError):
        return MISCONFIGURED
    return BY_CODE.get(error.code, INTERNAL)


def say(text: str) -> None:
    """Tell people something that no program reads."""
    put_all(([line] for line in continued(f"penstock: {text}")), err=True)


def complain(text: Iterable[str]) -> None:
    """Show a traceback or a usage, of which every line is ours."""
    if shown := "".join(text).rstrip("\n"):
        put_all(([line] for line in shown.split("\n")), err=True)
