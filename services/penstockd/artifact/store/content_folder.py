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

from penstock.errors import ContentCorrupt, InvalidArgument, StorageFull, StorageUnavailable
from penstockd.artifact.rules.content import ContentKey
from penstockd.artifact.store import content_files as files
from penstockd.artifact.store.content_paths import ContentPaths
from penstockd.artifact.store.content_reading import Reading, check
from penstockd.artifact.store.ports.content import UnusableStore
from penstockd.chassis.payload import ContentRef
from penstockd.database.blocking import BlockingPool
from penstockd.database.private_files import private_folder

T = TypeVar("T")
# A quota, or the longest file that this process or file system may have, is no other case.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
IN_THE_WAY = {
    errno.ENOTDIR,
    errno.EISDIR,
    errno.EEXIST,
    errno.ELOOP,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
}
PAUSE = 0.01
MOST_SOUND = 10_000


class Sound:
    """Contents whose digest this process has compared, the latest of them.

    To hash each time that somebody asks would cost as much as the upload that is spared; to
    hash never would let damaged bytes pass for ever. A reader hashes all that he gets, so that
    damage that comes later is found there, and forgotten here.
    """

    def __init__(self) -> None:
        self._paths: dict[Path, None] = {}

    def knows(self, path: Path) -> bool:
        return path in self._paths

    def add(self, path: Path) -> None:
        self._paths[path] = None
        if len(self._paths) > MOST_SOUND:
            del self._paths[next(iter(self._paths))]

    def discard(self, path: Path) -> None:
        self._paths.pop(path, None)


class FolderContentStore:
    def __init__(
        self, folder: Path, blocking: BlockingPool, clock: Callable[[], datetime]
    ) -> None:
        self._folder = folder
        self._blocking = blocking
        self._clock = clock
        self._sound = Sound()

    async def append(
        self, namespace: str, ref: ContentRef, *, offset: int, chunk: bytes
    ) -> int:
        paths, now = self._paths(namespace, ref), self._clock()
        return await self._run(
            partial(files.append, paths, offset=offset, chunk=chunk, now=now)
        )

    async def keep(self, namespace: str, ref: ContentRef) -> None:
        paths, now = self._paths(namespace, ref), self._clock()
        is_sound = self._sound.knows(paths.kept)
        await self._run(partial(files.keep, paths, now=now, is_sound=is_sound))
        self._sound.add(paths.kept)

    async def check(self, namespace: str, ref: ContentRef) -> None:
        paths = self._paths(namespace, ref)
        await self._run(partial(check, paths, digest=not self._sound.knows(paths.kept)))
        self._sound.add(paths.kept)

    async def read(
        self, namespace: str, ref: ContentRef, *, offset: int
    ) -> AsyncIterator[bytes]:
        if offset > ref.size:
            raise InvalidArgument(
                f"offset {offset} is beyond the {ref.size} bytes of the content",
                field="offset",
            )
        paths = self._paths(namespace, ref)
        reading = Reading(paths, offset)
        try:
            await self._run(reading.skip)
            while not reading.ended:
                yield await self._run(reading.next)
        except ContentCorrupt:
            self._sound.discard(paths.kept)
            raise

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
        try:
            return await self._run(partial(files.identity, self._folder, fresh))
        except StorageUnavailable as error:
            cause = error.__cause__
            if not isinstance(cause, OSError) or cause.errno not in IN_THE_WAY:
                raise
            raise UnusableStore(
                f"{cause.filename or self._folder} cannot be used ({cause.strerror}): mend or "
                "move it, or set PENSTOCK_ARTIFACT_CONTENT_FOLDER to another folder"
            ) from error
        except ValueError:
            raise UnusableStore(
                f"{self._folder / files.IDENTITY} does not hold an id: restore it from a backup"
            ) from None

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
                f"the disk under the content folder is full ({error.strerror}): free some "
                "space, then try again"
            ) from error
        raise StorageUnavailable(
            f"the disk under the content folder fails: {error.strerror}"
        ) from error
