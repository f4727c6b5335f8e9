"""What an option may be given: a check returns the value as it is kept, or says what is wrong.

Each takes what it speaks of ("a task's retries") and the value, which is never None: None is
the same as leaving the option out.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable
from typing import Any

from penstock.exceptions import LONGEST_WAIT, ReservedArgumentError
from penstock.ground.labels import checked_label, checked_name, checked_tags
from penstock.ground.texts import repr_of

Check = Callable[[str, Any], Any]

MOST_RETRIES = 10_000
MOST_DELAYS = 50
# Python's clocks wait no longer than three of these, and no attempt lasts a hundred years.
LONGEST_TIMEOUT = 3e9

_RESERVED = frozenset(("return_state", "wait_for"))
_RUNNER = ("duplicate", "start", "close")
_NOT_PLAIN = (
    inspect.iscoroutinefunction,
    inspect.isgeneratorfunction,
    inspect.isasyncgenfunction,
)


def name(what: str, value: Any) -> str | None:
    return checked_name(what, value) if value != "" else None


def label(what: str, value: Any) -> str | None:
    return checked_label(what, value) if value != "" else None


def text(what: str, value: Any) -> str | None:
    if not isinstance(value, str):
        raise TypeError(f"{what} must be a string, not {repr_of(value)}")
    return value or None


def tags(_what: str, value: Any) -> frozenset[str]:
    return checked_tags(value)


def flag(what: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{what} must be True or False, not {repr_of(value)}")
    return value


def retries(what: str, value: Any) -> int:
    if isinstance(value, bool) or not hasattr(type(value), "__index__"):
        raise TypeError(f"{what} must be a whole number, not {repr_of(value)}")
    count = int(value)
    if not 0 <= count <= MOST_RETRIES:
        raise ValueError(f"{what} must be from 0 to {MOST_RETRIES}, not {repr_of(value)}")
    return count


def timeout(what: str, value: Any) -> float | None:
    """None stands for no time-out; so do 0 and a time that nobody lives to see."""
    seconds = _number(what, value)
    if not seconds >= 0:
        raise ValueError(f"{what} cannot be {repr_of(value)}: leave it out for no timeout")
    return seconds if 0 < seconds <= LONGEST_TIMEOUT else None


def patience(what: str, value: Any) -> float | None:
    """Return how long somebody waits in seconds: 0 is not at all, None is for ever."""
    if value is None:
        return None
    seconds = _number(what, value)
    if not seconds >= 0:
        raise ValueError(
            f"{what} cannot be {repr_of(value)}: 0 does not wait, and None waits forever"
        )
    return seconds if seconds <= LONGEST_TIMEOUT else None


def factor(what: str, value: Any) -> float:
    number = _number(what, value)
    if not number >= 0:
        raise ValueError(f"{what} must be 0 or more, not {repr_of(value)}")
    return number


def delay(what: str, value: Any) -> Any:
    """Keep a function as it is: what it returns depends on another option."""
    return plain_function(what, value) if callable(value) else delays(what, value)


def delays(what: str, value: Any) -> tuple[float, ...]:
    """Return the waits before each retry in seconds, of one number or of several."""
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        value = (value,)
    waits = tuple(_number(what, each) for each in value)
    if len(waits) > MOST_DELAYS:
        raise ValueError(
            f"{what} has {len(waits)} values, but at most {MOST_DELAYS} are allowed: "
            "the last one repeats"
        )
    for wait in waits:
        if not 0 <= wait <= LONGEST_WAIT.total_seconds():
            raise ValueError(
                f"{what} must be from 0 seconds to {LONGEST_WAIT.days} days, not {wait:g}"
            )
    return waits


def made_delays(what: str, make: Callable[[int], Any], retries: int) -> tuple[float, ...]:
    """Return the waits that a function gives for so many retries, without asking for none."""
    if not retries:
        return ()
    try:
        made = make(retries)
    except Exception as error:
        error.add_note(f"{what} was called with the number of retries, {retries}")
        raise
    return delays(what, made)


def run_name(what: str, value: Any) -> Any:
    """A template over the parameters, or a function that returns the name."""
    if callable(value):
        return plain_function(what, value)
    template = text(what, value)
    if template is not None and ("{" in template or "}" in template):
        from string import Formatter

        try:
            list(Formatter().parse(template))
        except ValueError as error:
            raise ValueError(
                f"{what} {repr_of(value)} is not a valid template: {error}"
            ) from None
    return template


def plain_function(what: str, value: Any) -> Any:
    """Refuse what returns a coroutine or a generator: nobody would await or exhaust it."""
    if not callable(value):
        raise TypeError(f"{what} must be a function, not {repr_of(value)}")
    # What is called may be inside an object: a task, or one with a method for it.
    for called in (value, type(value).__call__, getattr(value, "fn", None)):
        if any(is_kind(called) for is_kind in _NOT_PLAIN):
            raise TypeError(
                f"{what} must be a plain function, neither async nor a generator, not "
                f"{repr_of(value)}"
            )
    return value


def hooks(what: str, value: Any) -> tuple[Any, ...]:
    if callable(value) or not isinstance(value, Iterable):
        raise TypeError(f"{what} must be a list of functions: write [{repr_of(value)}]")
    several = tuple(value)
    for each in several:
        if not callable(each):
            raise TypeError(
                f"{what} must be a list of functions, and {repr_of(each)} is not a function"
            )
    return several


def task_runner(what: str, value: Any) -> Any:
    """A class stands for a runner of it with nothing chosen."""
    runner = value() if isinstance(value, type) else value
    if not all(callable(getattr(runner, part, None)) for part in _RUNNER):
        raise TypeError(
            f"{what} must be a task runner such as ThreadPoolTaskRunner(), not {repr_of(value)}"
        )
    return runner


def check_function(fn: Any, decorator: str) -> None:
    """Refuse what cannot be decorated.

    Raises:
        TypeError: it is no function, or a generator.
        ReservedArgumentError: a parameter has a name that the call itself needs.
    """
    if isinstance(fn, classmethod | staticmethod):
        kind = type(fn).__name__
        raise TypeError(f"put @{kind} above @{decorator}, so that it is applied last")
    if not callable(fn):
        raise TypeError(f"@{decorator} needs a function, not {fn!r}")
    if inspect.isgeneratorfunction(fn) or inspect.isasyncgenfunction(fn):
        raise TypeError(f"@{decorator} does not support generators yet: return a list")
    code = getattr(inspect.unwrap(fn), "__code__", None)
    if code is not None:
        count = code.co_argcount + code.co_kwonlyargcount
        if reserved := _RESERVED.intersection(code.co_varnames[:count]):
            raise ReservedArgumentError(
                f"{fn.__name__}() has a parameter {sorted(reserved)[0]!r}, "
                "which Penstock uses itself: rename it"
            )


def _number(what: str, value: Any) -> float:
    kind = type(value)
    if kind is bool or not (hasattr(kind, "__float__") or hasattr(kind, "__index__")):
        hint = ": use its total_seconds()" if hasattr(value, "total_seconds") else ""
        raise TypeError(f"{what} must be a number, not {repr_of(value)}{hint}")
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except (TypeError, ValueError) as error:
        raise TypeError(f"{what} must be a number, not {repr_of(value)}: {error}") from None
