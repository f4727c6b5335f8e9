"""What is known of a step before it runs: who knows its outcome spares the run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from penstock.engine.contexts import TaskRunContext

# What the function returned, in a tuple, so that None can be a value.
Outcome = tuple[Any]
Source = Callable[[TaskRunContext], Awaitable[Outcome | None]]


async def known_outcome(context: TaskRunContext) -> Outcome | None:
    """Return the outcome of the step that the run would repeat, by the first that knows it."""
    for ask in SOURCES:
        if (outcome := await ask(context)) is not None:
            return outcome
    return None


async def _of_earlier_attempts(context: TaskRunContext) -> Outcome | None:
    """An attempt of the same flow run before this one, in this process."""
    run = context.run
    known = run.finished.get(context.call.step) if run is not None and run.finished else None
    return None if known is None else (known.again(),)


SOURCES: Sequence[Source] = (_of_earlier_attempts,)
