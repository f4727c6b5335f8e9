"""The content store in a folder of this machine, or of a disk that several machines share."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from penstock.errors import InvalidArgument, StorageFull, StorageUnavailable
from penstockd.artifact.rules.content import ContentKey
from penstockd.artifact.store import content_files as files
from penstockd.artifact.store.content_files import ContentPaths, Reading
from penstockd.chassis.payload import ContentRef
from penstockd.database.blocking import BlockingPool
from penstockd.database.private_files import private_folder

T = TypeVar("T")
# A quota, or the longest file that this process or file system may have, is no other case.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
PAUSE = 0.01


class FolderContentStore:
    def __init__(
        self, folder: Path, blocking: BlockingPool, clock: Callable[[], datetime]
    ) -> None:
        self._folder = folder
        self._blocking = blocking
        self._clock = clock

    async def append(
        self, namespace: str, ref: ContentRef, *, offset: int, chunk: bytes
    ) -> int:
        paths, now = self._paths(namespace, ref), self._clock()
        return await self._run(
            partial(files.append, paths, offset=offset, chunk=chunk, now=now)
        )

    async def keep(self, namespace: str, ref: ContentRef) -> None:
        paths, now = self._paths(namespace, ref), self._clock()
        await self._run(partial(files.keep, paths, now=now))

    async def read(
        self, namespace: str, ref: ContentRef, *, offset: int
    ) -> AsyncIterator[bytes]:
        if offset > ref.size:
            raise InvalidArgument(
                f"offset {offset} lies beyond the {ref.size} bytes of the content",
                field="offset",
            )
        reading = Reading(self._paths(namespace, ref), offset)
        await self._run(reading.skip)
        while not reading.ended:
            yield await self._run(reading.next)

    async def kept_before(self, time: datetime) -> AsyncIterator[Sequence[ContentKey]]:
        for home, namespace in await self._run(partial(files.homes, self._folder)):
            for shelf in await self._run(partial(files.shelves, home)):
                yield await self._run(partial(files.kept_before, shelf, namespace, time))

    async def forget(self, key: ContentKey, *, kept_before: datetime) -> bool:
        return await self._run(partial(files.forget, self._folder, key, before=kept_before))

    async def drop_uploads(self, *, idle_since: datetime) -> int:
        dropped = 0
        for home, _ in await self._run(partial(files.homes, self._folder)):
            dropped += await self._run(partial(files.drop_uploads, home, before=idle_since))
        return dropped

    async def identity(self, fresh: UUID) -> UUID:
        return await self._run(partial(files.identity, self._folder, fresh))

    async def lacking(self) -> str:
        return await self._run(self._lacking)

    def _paths(self, namespace: str, ref: ContentRef) -> ContentPaths:
        return ContentPaths(root=self._folder, namespace=namespace, ref=ref)

    async def _run(self, call: Callable[[], T]) -> T:
        """Wait here, not on a thread, while somebody else works on the same file."""
        while True:
            try:
                with _named_failures():
                    return await self._blocking.run(call)
            except BlockingIOError:
                await asyncio.sleep(PAUSE)

    def _lacking(self) -> str:
        try:
            private_folder(self._folder)
        except OSError as error:
            return f"the content folder {self._folder} cannot be made: {error.strerror}"
        if not os.access(self._folder, os.W_OK):
            return f"the content folder {self._folder} cannot be written"
        return ""


@contextmanager
def _named_failures() -> Iterator[None]:
    try:
        yield
    except BlockingIOError:
        raise
    except OSError as error:
        if error.errno in FULL:
            raise StorageFull(
                f"the disk under the content folder is full ({error.strerror}): make room, "
                "then go on"
            ) from error
        raise StorageUnavailable(
            f"the disk under the content folder fails: {error.strerror}"
        ) from error
