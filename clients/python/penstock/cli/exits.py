"""Exit codes, and how an error is told: one line that says what to do next."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from penstock.errors import Code, PenstockError

FAILED = 1
BAD_INPUT = 2
NOT_FOUND = 4
UNAVAILABLE = 69
INTERNAL = 70

BY_CODE = {
    Code.INVALID_ARGUMENT: BAD_INPUT,
    Code.ALREADY_EXISTS: BAD_INPUT,
    Code.NOT_FOUND: NOT_FOUND,
    Code.UNAVAILABLE: UNAVAILABLE,
    Code.DEADLINE_EXCEEDED: UNAVAILABLE,
    Code.RESOURCE_EXHAUSTED: UNAVAILABLE,
}

EXPLAINED = """\b
Exit codes:
  0    done
  1    a run that was waited for did not complete
  2    bad usage, or a value that the service refused
  4    what was named does not exist
  69   no server answers, or it has no room
  70   a bug in Penstock
  75   another server owns the store
  78   the configuration is wrong
  130  interrupted"""


@contextmanager
def told_errors() -> Iterator[None]:
    """End the process with one line when the product refuses or cannot be reached."""
    try:
        yield
    except PenstockError as error:
        sys.stderr.write(f"penstock: {error}\n")
        sys.exit(BY_CODE.get(error.code, INTERNAL))
