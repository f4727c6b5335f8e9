"""What the content folder does on disk; each call blocks, and is safe beside other processes.

Paths come from digests alone, so that no caller's text reaches the file system:

    identity                               which folder this is, wherever it is mounted
    <namespace's digest>/name              the namespace, for people and for collection
    <namespace's digest>/uploads/<digest>-<size>
    <namespace's digest>/kept/<two digits>/<digest>

Who appends, keeps, renews or deletes holds the lock of the open file and has seen that it is
still the one at its path. A lock that is held raises BlockingIOError: try again later.
"""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from penstock.errors import ContentCorrupt, DigestMismatch, InvalidArgument, UploadIncomplete
from penstockd.artifact.rules.content import ContentKey, known_of_chunk
from penstockd.artifact.store.content_paths import ContentPaths
from penstockd.artifact.store.content_reading import FLAGS, check, hash_into
from penstockd.chassis.payload import ContentRef
from penstockd.database.file_lock import try_lock
from penstockd.database.private_files import FILE_MODE, private_folder

IDENTITY = "identity"
_DIGEST = re.compile("[0-9a-f]{64}")


def append(paths: ContentPaths, *, offset: int, chunk: bytes, now: datetime) -> int:
    """Add a chunk to the upload and return how many bytes there are."""
    if offset + len(chunk) > paths.ref.size:
        raise InvalidArgument(
            f"the chunk ends at byte {offset + len(chunk)}, but the content has "
            f"{paths.ref.size} bytes: send the bytes that the digest was computed from",
            field="chunk",
        )
    if offset == 0:
        _settle(paths)
    try:
        return _append(paths, offset=offset, chunk=chunk, now=now)
    except UploadIncomplete:
        # Somebody else brought the same bytes, and was faster.
        if _is_kept(paths):
            return paths.ref.size
        raise


def _append(paths: ContentPaths, *, offset: int, chunk: bytes, now: datetime) -> int:
    try:
        with _locked(paths.upload, os.O_RDWR | (0 if offset else os.O_CREAT)) as file:
            received = os.fstat(file).st_size
            known = known_of_chunk(received=received, offset=offset, length=len(chunk))
            if known is None:
                raise _incomplete(paths, received)
            _write(file, memoryview(chunk)[known:], at=offset + known)
            _date(file, now)
            return max(received, offset + len(chunk))
    except FileNotFoundError:
        raise _incomplete(paths, 0) from None


def keep(paths: ContentPaths, *, now: datetime, is_sound: bool) -> None:
    """Check a complete upload and keep it; without one, renew what is kept.

    What is kept is hashed unless it `is_sound`.
    """
    received = 0
    if not paths.ref.size:
        _settle(paths)
    with (
        suppress(FileNotFoundError),
        _locked(paths.upload, os.O_RDWR | (0 if paths.ref.size else os.O_CREAT)) as file,
    ):
        received = os.fstat(file).st_size
        if received == paths.ref.size:
            _keep(paths, file, now)
            return
    if not _renew(paths, now, is_sound=is_sound):
        raise _incomplete(paths, received)


def _keep(paths: ContentPaths, file: int, now: datetime) -> None:
    try:
        os.fsync(file)
    except OSError:
        # What could not be written is no longer in memory: a second fsync would succeed.
        paths.upload.unlink()
        raise
    digest = sha256()
    hash_into(digest, file, end=paths.ref.size)
    if digest.digest() != paths.ref.sha256:
        paths.upload.unlink()
        raise DigestMismatch(
            f"the {paths.ref.size} bytes have the SHA-256 {digest.hexdigest()}, but "
            f"{paths.ref.sha256.hex()} was announced: upload them again",
            sha256=paths.ref.sha256.hex(),
        )
    _date(file, now)
    private_folder(paths.kept.parent)
    with ExitStack() as held:
        # Else who is about to forget the old bytes would delete these.
        with suppress(FileNotFoundError):
            held.enter_context(_locked(paths.kept, os.O_RDONLY))
        paths.upload.rename(paths.kept)
    # Only now: an upload that a full disk kept here must stay open to its owner.
    os.fchmod(file, 0o400)
    _sync_folders(paths)


def _renew(paths: ContentPaths, now: datetime, *, is_sound: bool) -> bool:
    """Let what is kept count as new, and be as durable as if this process had kept it."""
    # What is damaged is as good as not there: it is replaced by what is uploaded.
    with (
        suppress(FileNotFoundError, ContentCorrupt),
        _locked(paths.kept, os.O_RDONLY) as file,
    ):
        check(paths, digest=not is_sound)
        _date(file, now)
        _sync_folders(paths)
        return True
    return False


def _is_kept(paths: ContentPaths) -> bool:
    with suppress(FileNotFoundError):
        return paths.kept.stat().st_size == paths.ref.size
    return False


def identity(root: Path, fresh: UUID) -> UUID:
    """Return the id of the folder; the first who asks gives it the fresh one."""
    path = root / IDENTITY
    with suppress(FileNotFoundError):
        return UUID(path.read_text("ascii"))
    private_folder(root)
    with NamedTemporaryFile(dir=root) as draft:
        draft.write(str(fresh).encode())
        draft.flush()
        os.fsync(draft.fileno())
        # Whole from the moment that it is there, and never another.
        with suppress(FileExistsError):
            path.hardlink_to(draft.name)
    _sync_folder(root)
    return UUID(path.read_text("ascii"))


def homes(root: Path) -> list[tuple[Path, str]]:
    """Return the folder of each namespace, and its name."""
    return [
        (folder, (folder / "name").read_text("utf-8"))
        for folder in _entries(root)
        if (folder / "name").exists()
    ]


def shelves(home: Path) -> list[Path]:
    return _entries(home / "kept")


def kept_before(shelf: Path, namespace: str, time: datetime) -> list[ContentKey]:
    return [
        ContentKey(namespace=namespace, sha256=bytes.fromhex(file.name))
        for file in _entries(shelf)
        if _DIGEST.fullmatch(file.name) and _is_older(file, time)
    ]


def forget(root: Path, key: ContentKey, *, before: datetime) -> bool:
    ref = ContentRef(sha256=key.sha256, size=0)
    return _delete(ContentPaths(root=root, namespace=key.namespace, ref=ref).kept, before)


def drop_uploads(home: Path, *, before: datetime) -> int:
    return sum(_delete(upload, before) for upload in _entries(home / "uploads"))


def _delete(path: Path, before: datetime) -> bool:
    """Delete a file if it is still old once nobody else works on it."""
    with suppress(FileNotFoundError, BlockingIOError), _locked(path, os.O_RDONLY) as file:
        if _time_of(os.fstat(file)) < before:
            path.unlink()
            return True
    return False


@contextmanager
def _locked(path: Path, flags: int) -> Iterator[int]:
    """Open the file at the path and keep everybody else from changing what is there."""
    file = os.open(path, flags | FLAGS, FILE_MODE)
    try:
        if not (try_lock(file) and _is_at(path, file)):
            raise BlockingIOError(f"{path} is in use")
        yield file
    finally:
        os.close(file)


def _is_at(path: Path, file: int) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file), path.stat(follow_symlinks=False))
    return False


def _settle(paths: ContentPaths) -> None:
    """Make the folders of a namespace, with its name in them before anything else is."""
    uploads = paths.upload.parent
    if uploads.exists():
        return
    is_new = not paths.root.exists()
    private_folder(paths.root)
    if is_new:
        _sync_folder(paths.root.parent)
    private_folder(paths.home)
    with NamedTemporaryFile(dir=paths.home, delete=False) as draft, ExitStack() as undo:
        undo.callback(Path(draft.name).unlink)
        draft.write(paths.namespace.encode())
        draft.flush()
        os.fsync(draft.fileno())
        Path(draft.name).replace(paths.home / "name")
        undo.pop_all()
    private_folder(uploads)


def _write(file: int, data: memoryview, *, at: int) -> None:
    while data:
        written = os.pwrite(file, data, at)
        data, at = data[written:], at + written


def _date(file: int, time: datetime) -> None:
    seconds = time.timestamp()
    os.utime(file, (seconds, seconds))


def _sync_folders(paths: ContentPaths) -> None:
    """Sync every folder from the root to the file, whoever made it."""
    for folder in (paths.kept.parent, paths.home / "kept", paths.home, paths.root):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []


def _is_older(file: Path, time: datetime) -> bool:
    with suppress(FileNotFoundError):
        return _time_of(file.stat()) < time
    return False


def _time_of(status: os.stat_result) -> datetime:
    return datetime.fromtimestamp(status.st_mtime, UTC)


def _incomplete(paths: ContentPaths, received: int) -> UploadIncomplete:
    return UploadIncomplete(
        f"{received} of {paths.ref.size} bytes have arrived: continue from there",
        received_size=str(received),
    )
