"""Kept bytes are read: every pass finds damage, and says so."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from penstock.errors import ContentCorrupt
from penstockd.artifact.rules.content import CHUNK_SIZE
from penstockd.artifact.store.content_paths import ContentPaths
from penstockd.chassis.payload import ContentRef

FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW


class Reading:
    """One pass over the bytes of a content; the file is open only while it is read."""

    def __init__(self, paths: ContentPaths, offset: int) -> None:
        self._paths = paths
        self._offset = offset
        self._digest = sha256()
        self.at = 0

    @property
    def ended(self) -> bool:
        return self.at == self._paths.ref.size

    def skip(self) -> None:
        """Hash what lies before the offset."""
        with _opened(self._paths) as file:
            hash_into(self._digest, file, end=self._offset)
        self.at = self._offset
        self._check()

    def next(self) -> bytes:
        with _opened(self._paths) as file:
            chunk = os.pread(file, CHUNK_SIZE, self.at)
        self._digest.update(chunk)
        self.at += len(chunk)
        self._check()
        return chunk

    def _check(self) -> None:
        if self.ended and self._digest.digest() != self._paths.ref.sha256:
            raise _corrupt(self._paths.ref, "have another digest")


def check(paths: ContentPaths, *, digest: bool) -> None:
    """Look whether the bytes are there with their size and, if asked, their digest.

    Raises ContentCorrupt.
    """
    with _opened(paths) as file:
        if digest:
            found = sha256()
            hash_into(found, file, end=paths.ref.size)
            if found.digest() != paths.ref.sha256:
                raise _corrupt(paths.ref, "have another digest")


def hash_into(digest: Any, file: int, *, end: int) -> None:
    """Hash what the file has before the end."""
    at = 0
    while at < end and (data := os.pread(file, min(CHUNK_SIZE, end - at), at)):
        digest.update(data)
        at += len(data)


@contextmanager
def _opened(paths: ContentPaths) -> Iterator[int]:
    try:
        file = os.open(paths.kept, os.O_RDONLY | FLAGS)
    except FileNotFoundError:
        raise _corrupt(paths.ref, "are missing") from None
    try:
        if os.fstat(file).st_size != paths.ref.size:
            raise _corrupt(paths.ref, "have another size")
        yield file
    finally:
        os.close(file)


def _corrupt(ref: ContentRef, what: str) -> ContentCorrupt:
    digest = ref.sha256.hex()
    return ContentCorrupt(
        f"the stored bytes of {digest} {what}: restore them from a backup, or upload "
        "them again",
        sha256=digest,
    )
