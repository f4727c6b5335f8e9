"""Exceptions that were raised."""

from typing import TypeVar

E = TypeVar("E", bound=BaseException)
# What the stack of each of them ends with.
RAISED = ", in caught\n    raise error from cause"


def caught(error: E, cause: BaseException | None = None) -> E:
    """Return the exception as it is when somebody catches it."""
    try:
        raise error from cause  # noqa: TRY301 - it gets its traceback here
    except BaseException:  # noqa: BLE001 - any kind
        if cause is None:
            error.__suppress_context__ = False
    return error
