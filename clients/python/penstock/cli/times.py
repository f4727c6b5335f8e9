"""Moments as people say them on a command line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

_SPAN = re.compile(r"(\d{1,9})\s*(s|m|h|d|w)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


class Moment(click.ParamType[datetime]):
    """A moment, or how long ago it was."""

    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        text = str(value)
        try:
            moment = moment_of(text, datetime.now(UTC))
        except (ValueError, OverflowError):
            self.fail(
                f"{text!r} is not a valid time: write how long ago, such as 30m, 2h or 7d, or "
                "a date such as 2026-01-31 or 2026-01-31T08:00",
                param,
                ctx,
            )
        return max(moment, _FIRST)


def moment_of(text: str, now: datetime) -> datetime:
    """Return the moment; one that names no time zone is where the reader is.

    Raises:
        ValueError, OverflowError: the text is no moment, or one before all others.
    """
    if span := _SPAN.fullmatch(text.strip().lower()):
        return now - timedelta(**{_UNITS[span[2]]: int(span[1])})
    return datetime.fromisoformat(text.strip()).astimezone(UTC)
