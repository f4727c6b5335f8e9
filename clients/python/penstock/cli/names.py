"""Names as a command line takes them, checked before a service is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from penstock.ground.labels import (
    LONGEST_NAME,
    PLAIN_NAME,
    PLAIN_NAMES_TAKE,
    checked_name,
    checked_tags,
)


class PlainName(click.ParamType[str]):
    """What work pools and queues may be called."""

    name = "name"

    def __init__(self, what: str) -> None:
        self._what = what

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        text = str(value)
        if not PLAIN_NAME.fullmatch(text):
            self.fail(
                f"{text!r} is not a valid name. {self._what} names {PLAIN_NAMES_TAKE}.",
                param,
                ctx,
            )
        return text


POOL = PlainName("Work pool")
QUEUE = PlainName("Work queue")


def _checked(check: Callable[[Any], object]) -> Callable[[Any, Any, Any], Any]:
    def checked(_context: object, _option: object, value: Any) -> Any:
        try:
            check(value)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None
        return value

    return checked


def _flow_names(names: tuple[str, ...]) -> None:
    for name in names:
        checked_name("a flow's name", name)


def _name_part(text: str) -> None:
    if len(text) > LONGEST_NAME:
        raise ValueError(f"a name has at most {LONGEST_NAME} characters, not {len(text)}")


name_part = _checked(_name_part)
flow_names = _checked(_flow_names)
tag_names = _checked(checked_tags)
