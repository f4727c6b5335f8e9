"""What a call was given and what it waits for, as edges of the run graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from penstock.client.entries import Edge, EdgeKind
from penstock.engine.calls import arguments
from penstock.futures import PenstockFuture
from penstock.states import State

LONGEST_NAME = 255

Handle = PenstockFuture[Any] | State[Any]
# Each with whether it may fail.
Handles = list[tuple[Handle, bool]]


class Given(NamedTuple):
    """The handles that a call waits for, and the edges that are recorded of them."""

    handles: Handles
    # A dict, so that each is there once, also among ten thousand.
    edges: dict[Edge, None]


def given_to(
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    wait_for: Any,
    names: Callable[[], Sequence[str]],
) -> Given | None:
    """Return what a call was given; nothing if its arguments are passed as they are.

    Args:
        wait_for: what it waits for beside its arguments; nothing if that is None.
        names: returns the parameters' names in the order of positional arguments, the one
            that takes all others last. It is asked only if there is something to name.
    """
    plain = arguments.is_plain(args, kwargs)
    if plain and wait_for is None:
        return None
    given = Given([], {})
    if not plain:
        for place, value in enumerate(args):
            if found := arguments.handles_in(value, depth=1):
                _note(given, found, EdgeKind.DATA, _named(names(), place))
        for name, value in kwargs.items():
            _note(given, arguments.handles_in(value, depth=1), EdgeKind.DATA, name)
    if wait_for is not None:
        _note(given, arguments.handles_in(wait_for), EdgeKind.WAIT, "")
    return given


def _named(names: Sequence[str], place: int) -> str:
    return names[min(place, len(names) - 1)] if names else ""


def _note(given: Given, found: Handles, kind: EdgeKind, parameter: str) -> None:
    for each in found:
        given.handles.append(each)
        edge = _edge(each[0], kind, parameter[:LONGEST_NAME])
        if edge is not None:
            given.edges[edge] = None


def _edge(handle: Handle, kind: EdgeKind, parameter: str) -> Edge | None:
    """A state that user code made is of no run."""
    if handle.task_run_id:
        return Edge(kind, task_run_id=handle.task_run_id, parameter=parameter)
    if isinstance(handle, State) and handle.flow_run_id:
        return Edge(kind, flow_run_id=handle.flow_run_id, parameter=parameter)
    return None
