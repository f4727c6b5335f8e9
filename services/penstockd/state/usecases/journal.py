"""How the owner of a flow run records what its tasks do."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from penstock.errors import FieldViolation, IdTaken, InvalidArgument, SequenceGap
from penstockd.state.rules.ownership import LeaseRef
from penstockd.state.rules.run_ref import RunKind, RunRef
from penstockd.state.rules.task_run import Entry, Illegal, fold, position_of
from penstockd.state.store import Intent, Store, Transaction
from penstockd.state.store.ports.journal import JournalBatch, JournalHead, Recordings
from penstockd.state.usecases.flow_run import lost
from penstockd.state.usecases.sources import Sources
from penstockd.state.usecases.usage import Allowance

TAKEN = "another entry has this sequence number: continue from the number in the answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """Entries, and the request that brought them as it came."""

    intent: Intent
    flow_run_id: UUID
    lease: LeaseRef
    first_sequence: int
    entries: Sequence[Entry]
    packed: bytes


class Journals:
    def __init__(self, store: Store, sources: Sources, allowance: Allowance) -> None:
        self._store = store
        self._sources = sources
        self._allowance = allowance

    async def append(self, append: Append) -> int:
        """Return the next sequence.

        Raises FlowRunNotFound, LeaseLost, RequestIdReused, IdTaken, SequenceGap,
        QuotaExceeded, and InvalidArgument, which names the entry, also one that is not what
        is kept in its place: then nothing of the batch is kept.
        """
        now = self._sources.clock()

        async def work(tx: Transaction) -> int:
            namespace = append.intent.namespace
            head = await tx.journal.head(namespace, append.flow_run_id)
            known = await _answer_before(tx, append)
            if known is not None:
                return known
            _check_lease(head, append)
            entries = _unknown_entries(head, append)
            await _compare_known(tx, append, len(append.entries) - len(entries))
            if not entries:
                return head.next_sequence
            self._allowance.take(namespace, len(append.packed))
            names = list({entry[0] for entry in entries})
            folded = fold(
                entries,
                await tx.journal.known(namespace, names),
                flow_run_id=append.flow_run_id,
                first_position=position_of(head.fence, head.next_sequence),
            )
            if isinstance(folded, Illegal):
                raise _refusal(folded, len(append.entries) - len(entries))
            batch = _batch(append, head, len(entries))
            await tx.journal.append(batch, folded, epoch=head.epoch, at=now)
            return head.next_sequence + len(entries)

        return await self._store.write(work)

    async def page(self, namespace: str, run: RunRef, *, after: int, limit: int) -> Recordings:
        """Return the entries of a flow run, or of one of its task runs.

        Raises FlowRunNotFound and TaskRunNotFound.
        """

        async def work(tx: Transaction) -> Recordings:
            if run.kind is RunKind.TASK_RUN:
                task_run = await tx.task_runs.load(namespace, run.id)
                return await tx.journal.recorded_of(task_run, after=after, limit=limit)
            await tx.flow_runs.load(namespace, run.id)
            return await tx.journal.recorded(namespace, run.id, after=after, limit=limit)

        return await self._store.read(work)


async def _answer_before(tx: Transaction, append: Append) -> int | None:
    known = await tx.journal.length_of(append.intent.namespace, append.intent.request_id)
    if known is None:
        return None
    # The body names the flow run too.
    _, next_sequence, request_hash = known
    append.intent.confirm(request_hash)
    return next_sequence


def _check_lease(head: JournalHead, append: Append) -> None:
    ref = append.lease
    if not head.owned or (head.lease_id, head.fence) != (ref.lease_id, ref.fence):
        raise lost(append.flow_run_id)


def _unknown_entries(head: JournalHead, append: Append) -> Sequence[Entry]:
    known = head.next_sequence - append.first_sequence
    if known < 0:
        raise SequenceGap(
            f"the journal continues at {head.next_sequence}: send the entries from there",
            expected=str(head.next_sequence),
        )
    return append.entries[known:] if known else append.entries


async def _compare_known(tx: Transaction, append: Append, known: int) -> None:
    """Refuse other entries than those that were kept: their sender would think they are."""
    if not known:
        return
    place = position_of(append.lease.fence, append.first_sequence)
    at = await tx.journal.differs(
        append.intent.namespace, append.flow_run_id, place, append.packed, count=known
    )
    if at is not None:
        raise _refusal(Illegal(at=at, why=TAKEN), 0)


def _refusal(illegal: Illegal, skipped: int) -> InvalidArgument | IdTaken:
    if illegal.taken:
        return IdTaken(f"{illegal.why}: ids that clients choose must be new UUIDv7s")
    field = f"entries[{illegal.at + skipped}]"
    return InvalidArgument(
        f"{field}: {illegal.why}", FieldViolation(field=field, description=illegal.why)
    )


def _batch(append: Append, head: JournalHead, count: int) -> JournalBatch:
    return JournalBatch(
        namespace=append.intent.namespace,
        flow_run_id=append.flow_run_id,
        fence=head.fence,
        first_sequence=head.next_sequence,
        count=count,
        request_id=append.intent.request_id,
        request_hash=append.intent.request_hash,
        entries=append.packed,
    )
