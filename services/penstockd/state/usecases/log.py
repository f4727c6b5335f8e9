"""What runs write, and who reads it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from penstock.errors import CursorInvalid, FieldViolation, InvalidArgument, SequenceGap
from penstockd.state.rules.log import Gap, LogLine, Source, is_complete, unknown_lines
from penstockd.state.rules.ownership import LeaseRef
from penstockd.state.rules.run_ref import RunKind, RunRef
from penstockd.state.store import Store, Transaction
from penstockd.state.store.ports.log import LinesWanted, Placed, Writer
from penstockd.state.usecases.flow_run import lost
from penstockd.state.usecases.sources import Sources
from penstockd.state.usecases.usage import Allowance

WATCHED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AppendLines:
    """Lines of one source. Nothing of it follows if they are the `last` ones."""

    namespace: str
    flow_run_id: UUID
    lease: LeaseRef
    source: str
    lines: Sequence[LogLine]
    last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """Lines, the position up to which there are no others, and whether any will follow."""

    lines: Sequence[Placed] = ()
    end: int
    complete: bool = False


class Logs:
    def __init__(self, store: Store, sources: Sources, allowance: Allowance) -> None:
        self._store = store
        self._sources = sources
        self._allowance = allowance

    async def append(self, append: AppendLines) -> int:
        """Return up to where the lines of this source are kept.

        Lines of the last owner are taken until there is another one. Raises FlowRunNotFound,
        LeaseLost, SequenceGap, QuotaExceeded, and InvalidArgument for lines after the last.
        """
        run = append.namespace, append.flow_run_id

        async def work(tx: Transaction) -> int:
            owner = await tx.logs.lock(*run)
            if not owner.shown_by(append.lease):
                raise lost(append.flow_run_id)
            writer = Writer(
                namespace=append.namespace,
                flow_run_id=append.flow_run_id,
                lease_id=append.lease.lease_id,
                source=append.source,
            )
            before = await tx.logs.source(writer)
            fresh = _fresh(append, before)
            after = Source(before.acknowledged + len(fresh), before.ended or append.last)
            if fresh:
                size = sum(len(line.message) for line in fresh)
                self._allowance.take(append.namespace, size)
                await tx.logs.append(
                    writer, [replace(it, attempt=owner.attempt) for it in fresh]
                )
            if after != before:
                await tx.logs.save_source(writer, after, at=self._sources.clock())
            return after.acknowledged

        return await self._store.write(work)

    async def page(
        self, namespace: str, run: RunRef, *, after: int, min_level: int, limit: int
    ) -> LogPage:
        """Return a run's lines after a position.

        Raises FlowRunNotFound and TaskRunNotFound.
        """

        async def work(tx: Transaction) -> LogPage:
            wanted = replace(await _wanted(tx, namespace, run), min_level=min_level)
            return await self._read(tx, replace(wanted, after=after), limit=limit)

        return await self._store.read(work)

    async def watch(
        self, namespace: str, run: RunRef, *, after: int, min_level: int
    ) -> AsyncIterator[LogPage]:
        """Yield lines as they arrive, until the log is complete.

        Raises FlowRunNotFound, TaskRunNotFound and CursorInvalid.
        """
        wanted = await self._store.read(lambda tx: _wanted(tx, namespace, run))
        wanted = replace(wanted, min_level=min_level)

        async def read(tx: Transaction, cursor: str) -> tuple[str, Sequence[LogPage]]:
            asked = replace(wanted, after=int(cursor))
            page = await self._read(tx, asked, limit=WATCHED_AT_ONCE)
            news = page.lines or page.complete
            return str(page.end), [page] if news else ()

        news = self._store.follow(
            read, str(after), namespace=namespace, flow_run_id=wanted.flow_run_id
        )
        async for cursor, pages in news:
            for page in pages or [LogPage(end=int(cursor))]:
                yield page
                if page.complete:
                    return

    async def _read(self, tx: Transaction, wanted: LinesWanted, *, limit: int) -> LogPage:
        head = await tx.logs.head(wanted.namespace, wanted.flow_run_id)
        if wanted.after > head.last_position:
            raise CursorInvalid(f"the log has {head.last_position} lines: start from the first")
        complete = is_complete(head, self._sources.clock())
        if wanted.after == head.last_position:
            return LogPage(end=wanted.after, complete=complete)
        lines = await tx.logs.page(wanted, limit=limit)
        if len(lines) == limit:
            return LogPage(lines=lines, end=lines[-1].position)
        end = max(head.last_position, lines[-1].position if lines else 0)
        return LogPage(lines=lines, end=end, complete=complete)


async def _wanted(tx: Transaction, namespace: str, run: RunRef) -> LinesWanted:
    if run.kind is RunKind.FLOW_RUN:
        return LinesWanted(namespace=namespace, flow_run_id=run.id)
    task_run = await tx.task_runs.load(namespace, run.id)
    return LinesWanted(
        namespace=namespace, flow_run_id=task_run.flow_run_id, task_run_id=run.id
    )


def _fresh(append: AppendLines, before: Source) -> Sequence[LogLine]:
    fresh = unknown_lines(append.lines, before.acknowledged)
    if isinstance(fresh, Gap):
        raise SequenceGap(
            f"the lines of {append.source!r} go on at {fresh.expected}: send all from there",
            expected=str(fresh.expected),
        )
    if fresh and before.ended:
        text = f"{append.source!r} ended with line {before.acknowledged}: nothing may follow"
        raise InvalidArgument(text, FieldViolation(field="lines", description=text))
    return fresh
