"""From the outbox to Watch: batches of changes after a cursor, for ever."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar
from uuid import UUID

from penstock.errors import CursorExpired, CursorInvalid
from penstockd.database.feed_statements import SNAPSHOT_HORIZON, FeedStatements, PositionTexts
from penstockd.database.ports import Commits, Sql

T = TypeVar("T")
BATCH_SIZE = 250


class FeedPosition(NamedTuple):
    """A position in the feed. SQLite has one writer and no transaction ids: txid is 0."""

    txid: int
    position: int

    @classmethod
    def of(cls, cursor: str) -> "FeedPosition":
        """Raises CursorInvalid."""
        txid, dot, position = cursor.partition(".")
        if dot and _is_number(txid) and _is_number(position):
            read = cls(int(txid), int(position))
            if read.cursor == cursor:
                return read
        raise CursorInvalid(f"{cursor!r} is not a valid cursor")

    @property
    def cursor(self) -> str:
        return f"{self.txid}.{self.position}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something happened to a resource; `seq` numbers the changes of one resource."""

    namespace: str
    kind: str
    resource_id: UUID
    seq: int
    create_time: datetime
    scope_id: UUID | None = None


_FIELDS = [field.name for field in fields(Change)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """Which changes somebody wants; None and () mean any."""

    namespace: str | None = None
    kinds: tuple[str, ...] = ()
    scope_id: UUID | None = None


class Outbox:
    """The feed of one service. An event exists if and only if its transaction committed."""

    def __init__(self, service: str, *, positions: PositionTexts = SNAPSHOT_HORIZON) -> None:
        self._statements = FeedStatements(service, positions)

    async def append(self, sql: Sql, changes: Sequence[Change], /) -> None:
        """Add what this transaction changed; after the rows that it changed are locked."""
        columns = {name: [getattr(change, name) for change in changes] for name in _FIELDS}
        if len(changes) > 1 and sql.dialect == "postgresql":
            await sql.run(self._statements.append_lists, **columns)
        elif changes:
            rows = [
                dict(zip(_FIELDS, row, strict=True))
                for row in zip(*columns.values(), strict=True)
            ]
            await sql.run_many(self._statements.append, rows)

    async def end(self, sql: Sql, /) -> str:
        """Return the cursor of now: read it before a list, to watch from there."""
        row = await sql.one(self._statements.ends)
        assert row is not None  # noqa: S101 - it is an aggregate
        return FeedPosition(row["end_txid"], row["end_position"]).cursor

    async def after(
        self, sql: Sql, cursor: str, interest: Interest, *, limit: int = BATCH_SIZE
    ) -> tuple[str, Sequence[Change]]:
        """Return the next changes and the cursor after them; the cursor "" means now.

        Raises CursorInvalid and CursorExpired.
        """
        ends = await sql.one(self._statements.ends)
        assert ends is not None  # noqa: S101 - it is an aggregate
        end = FeedPosition(ends["end_txid"], ends["end_position"])
        if not cursor:
            return end.cursor, ()
        start, floor = (
            FeedPosition.of(cursor),
            FeedPosition(ends["floor_txid"], ends["floor_position"]),
        )
        if not floor <= start <= end:
            raise CursorExpired(
                f"the feed goes from {floor.cursor} to {end.cursor}, and {cursor} is "
                "outside: list again, then watch from the list's cursor"
            )
        rows = await sql.all(
            self._statements.changes(interest.namespace, interest.kinds, interest.scope_id),
            after_txid=start.txid,
            after_position=start.position,
            end_txid=end.txid,
            end_position=end.position,
            namespace=interest.namespace,
            kinds=interest.kinds,
            scope_id=interest.scope_id,
            limit=limit,
        )
        if len(rows) == limit:
            end = FeedPosition(rows[-1]["txid"], rows[-1]["position"])
        return end.cursor, [_change(row) for row in rows]

    async def expire(self, sql: Sql, *, older_than: datetime, limit: int = 1000) -> int:
        """Delete some old changes; return how many. Cursors before them expire."""
        last = await sql.one(self._statements.oldest, older_than=older_than, limit=limit)
        if last is None:
            return 0
        await sql.run(self._statements.raise_floor, **last)
        return await sql.run(self._statements.delete, **last)


async def follow(
    read: Callable[[str], Awaitable[tuple[str, Sequence[T] | None]]],
    cursor: str,
    *,
    commits: Commits,
    progress: timedelta,
) -> AsyncGenerator[tuple[str, Sequence[T]], None]:
    """Yield a first batch at once, then changes as they commit; empty batches in a lull.

    After an empty reading it waits for a commit; after None, which means that nothing of what
    was read is wanted and there is more, it reads on.
    """
    clock = asyncio.get_running_loop().time
    due = clock()
    while True:
        commit = commits.listen()
        cursor, changes = await read(cursor)
        if changes is None and clock() < due:
            continue
        if changes or clock() >= due or not await _news(commits, commit, due - clock()):
            yield cursor, changes or ()
            due = clock() + progress.total_seconds()


async def _news(commits: Commits, commit: asyncio.Event, seconds: float) -> bool:
    return await commits.wait(commit, timedelta(seconds=seconds))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _change(row: dict[str, object]) -> Change:
    del row["txid"], row["position"]
    return Change(**row)  # type: ignore[arg-type]
