"""What a rule refused, as the caller's error."""

from typing import TypeVar

from penstock.errors import FieldViolation, InvalidArgument
from penstockd.scheduler.rules.refused import Refused

T = TypeVar("T")


def accepted(verdict: T | Refused) -> T:
    """Return what was not refused. Raises InvalidArgument."""
    if isinstance(verdict, Refused):
        violation = FieldViolation(field=verdict.field, description=verdict.message)
        raise InvalidArgument(verdict.message, violation, field=verdict.field)
    return verdict
