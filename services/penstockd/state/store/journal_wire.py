"""The bytes of a journal: a batch is kept as the request that brought it.

So a request is packed once, for its hash and for its record. Nobody else makes or reads these
bytes.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from penstock.api.state.v1 import journal_pb2, state_pb2
from penstock.api.state.v1.journal_service_pb2 import AppendJournalRequest
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.times import put_time
from penstockd.state.rules.state import State
from penstockd.state.rules.task_run import Moved


def pack_request(request: AppendJournalRequest) -> bytes:
    """Return what is kept of a batch."""
    return packed(request)


def pack_moves(moves: Sequence[Moved]) -> bytes:
    """Return moves of the service itself as the request that would have brought them."""
    request = AppendJournalRequest()
    for move in moves:
        entry = request.entries.add()
        put_time(entry.time, move.state.time)
        entry.moved.task_run_id = str(move.task_run_id)
        _put_end(entry.moved.state, move.state)
    return pack_request(request)


def task_runs_named(kept: bytes, count: int) -> list[UUID]:
    """Return the task run of each of the last entries, which are those that were new."""
    return [UUID(_task_run_id(entry)) for entry in _new_entries(kept, count)]


def first_entries_in(request: bytes, count: int) -> list[bytes]:
    """Return the first entries of a packed request, each as a message of its own."""
    return [packed(it) for it in AppendJournalRequest.FromString(request).entries[:count]]


def entries_in(kept: bytes, count: int) -> list[bytes]:
    """Return the last entries, each as a message of its own."""
    return [packed(entry) for entry in _new_entries(kept, count)]


def entries_of(kept: bytes, count: int, task_run_id: UUID) -> Iterator[tuple[int, bytes]]:
    """Yield those of the last entries that tell of a task run, with their indices."""
    text = str(task_run_id)
    if text.encode() not in kept:  # most batches are of others, and are not even read
        return
    for index, entry in enumerate(_new_entries(kept, count)):
        if _task_run_id(entry) == text:
            yield index, packed(entry)


def _new_entries(kept: bytes, count: int) -> Sequence[journal_pb2.JournalEntry]:
    return AppendJournalRequest.FromString(kept).entries[-count:]


def _task_run_id(entry: journal_pb2.JournalEntry) -> str:
    return entry.called.task_run_id or entry.moved.task_run_id


def _put_end(message: state_pb2.State, state: State) -> None:
    message.state_type = state_pb2.StateType.Value(f"STATE_TYPE_{state.type}")
    message.name, message.message = state.name, state.message
    put_time(message.time, state.time)
