"""Futures and states that a call was given or returned: waited for, and what they brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from penstock.engine.calls import arguments
from penstock.engine.calls.upstream import Handle, Handles
from penstock.engine.drives import Drive
from penstock.exceptions import UpstreamFailed
from penstock.futures import PenstockFuture
from penstock.states import State


class Arguments(NamedTuple):
    """What a function is called with."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


async def resolved(
    given: Arguments, handles: Handles, drive: Drive, *, caller: str
) -> Arguments:
    """Wait for the handles, and return the arguments with what they brought in their places.

    Raises:
        UpstreamFailed: one that may not fail did not complete, so that the caller cannot run.
    """
    for handle, may_fail in handles:
        state = await _ended(handle, drive)
        if not may_fail and not state.is_completed():
            name = handle.name if isinstance(handle, PenstockFuture) else "what it waits for"
            raise UpstreamFailed(
                f"{caller} did not run, because {name} ended {state.name}: {state.message}"
            ) from state.exception()
    return Arguments(
        arguments.replaced(given.args, _value_of), arguments.replaced(given.kwargs, _value_of)
    )


async def with_final_states(value: Any, handles: Handles, drive: Drive) -> Any:
    """Return a value with each of its handles as the state that it ended in."""
    for handle, _ in handles:
        await _ended(handle, drive)
    return arguments.replaced(value, _final_state_of)


async def _ended(handle: Handle, drive: Drive) -> State[Any]:
    if isinstance(handle, State):
        return handle
    handle.help()
    return await drive.until(handle.ended)


def _value_of(handle: Handle, _may_fail: bool) -> Any:
    return _final_state_of(handle, _may_fail).result(raise_on_failure=False)


def _final_state_of(handle: Handle, _may_fail: bool) -> State[Any]:
    return handle.state if isinstance(handle, PenstockFuture) else handle
