"""The shape of a flow run: its task runs, and what leads to each."""

from typing import NamedTuple

from penstockd.state.rules.state import StateType
from penstockd.state.rules.task_run import ROLLED_BACK


class GraphNode(NamedTuple):
    """A task run as far as a graph shows it: there may be a hundred thousand of them.

    Ids are their 16 bytes and times microseconds since 1970, which cost no conversion.
    `upstream` is a message that nobody reads here.
    """

    position: int
    id: bytes
    parent_id: bytes | None
    name: str
    task_name: str
    state_type: StateType
    state_name: str
    rolled_back: bool
    has_rollback_hook: bool
    attempt: int
    create_time: int
    start_time: int | None
    end_time: int | None
    upstream: bytes


def was_undone(node: GraphNode) -> bool:
    return node.rolled_back or node.state_name == ROLLED_BACK
