"""What finished in an attempt of a flow run, kept for the attempts after it.

Only what was written down is given out again, and read afresh each time: nobody gets a list
that the attempt before changed, or an iterator that it used up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from penstock.engine.calls.captured import IMMUTABLE, captured
from penstock.engine.calls.steps import NOT_HASHED, Unhashable, digest_of, input_digest
from penstock.payloads.pickles import frozen


class Finished(NamedTuple):
    """A step that completed; `again` returns what came of it."""

    task_run_id: str
    name: str
    again: Callable[[], Any]


def inputs_of_step(
    fn: Any, args: tuple[Any, ...], kwargs: dict[str, Any], referred: dict[int, Any]
) -> bytes:
    """Return the digest of what a step depends on; empty if it has none."""
    inputs = input_digest(args, kwargs)
    if inputs == NOT_HASHED:
        return inputs
    try:
        more = captured(fn, referred)
    except Unhashable:
        return NOT_HASHED
    return digest_of(inputs + more) if more else inputs


def again(value: Any) -> Callable[[], Any]:
    """Return what gives the value afresh.

    Raises:
        CannotPickle: nobody can write it down.
    """
    return (lambda: value) if type(value) in IMMUTABLE else frozen(value)
