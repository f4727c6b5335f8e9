"""A refusal is a value: which field cannot be taken, and why."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a field cannot be taken, and how to mend it."""

    field: str
    message: str
