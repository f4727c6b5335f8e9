"""What is special about a folder: paths, links, locks and what a power cut would leave."""

import asyncio
import errno
import fcntl
import os
import stat
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from penstock.errors import StorageFull, StorageUnavailable, UploadIncomplete
from penstockd.artifact.store import content_files
from penstockd.artifact.store.content_folder import FolderContentStore
from penstockd.artifact.store.ports.content import ContentStore
from penstockd.database.blocking import BlockingPool
from unit.artifact.builders import DAY, Hands, key_of, ref_of

pytestmark = pytest.mark.asyncio


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "content"


async def bring(store: ContentStore, data: bytes, namespace: str = "home") -> None:
    await store.append(namespace, ref_of(data), offset=0, chunk=data)
    await store.keep(namespace, ref_of(data))


def found(folder: Path, pattern: str = "*") -> list[Path]:
    return list(folder.glob(pattern))


def make_open(folder: Path) -> None:
    folder.mkdir(0o755)


def modes_of_folders(folder: Path) -> set[int]:
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    return {stat.S_IMODE(each.stat().st_mode) for each in folders}


def names_below(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


async def test_paths_come_from_digests_alone(store: ContentStore, folder: Path) -> None:
    await bring(store, b"water", "../../x")
    digest = ref_of(b"water").sha256.hex()
    (home,) = found(folder)
    assert names_below(folder) == {
        home.name, "name", "uploads", "kept", digest[:2], digest,
    }  # fmt: skip
    assert set(home.name) <= set("0123456789abcdef")
    assert (home / "name").read_text() == "../../x"


async def test_nobody_else_may_read_and_nobody_may_write(
    store: ContentStore, folder: Path
) -> None:
    await bring(store, b"water")
    (kept,) = found(folder, "*/kept/*/*")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o400


async def test_no_folder_of_it_is_open_to_others(store: ContentStore, folder: Path) -> None:
    make_open(folder)
    await bring(store, b"water")
    assert modes_of_folders(folder) == {0o700}


async def test_a_link_in_the_folder_is_not_followed(
    store: ContentStore, folder: Path, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"")
    await bring(store, b"first")
    ref = ref_of(b"water")
    (home,) = found(folder)
    (home / "uploads" / f"{ref.sha256.hex()}-{ref.size}").symlink_to(victim)
    with pytest.raises(StorageUnavailable):
        await store.append("home", ref, offset=0, chunk=b"water")
    assert victim.read_bytes() == b""


async def test_everything_is_on_disk_before_it_is_kept(
    store: ContentStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    sync = os.fsync

    def noting(file: int) -> None:
        synced.append(Path(f"/proc/self/fd/{file}").readlink())
        sync(file)

    await store.append("home", ref_of(b"water"), offset=0, chunk=b"water")
    monkeypatch.setattr(os, "fsync", noting)
    await store.keep("home", ref_of(b"water"))
    (kept,) = found(folder, "*/kept/*/*")
    upload = kept.parents[2] / "uploads" / f"{kept.name}-5"
    assert synced == [upload, kept.parent, kept.parents[1], kept.parents[2], folder]


async def test_who_finds_bytes_kept_does_not_trust_that_they_are_on_disk(
    store: ContentStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bring(store, b"water")
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    await store.keep("home", ref_of(b"water"))
    assert len(synced) == 4


@pytest.mark.parametrize(
    ("number", "told"), [(errno.EIO, StorageUnavailable), (errno.ENOSPC, StorageFull)]
)
async def test_what_could_not_be_written_is_dropped(
    store: ContentStore, monkeypatch: pytest.MonkeyPatch, number: int, told: type[Exception]
) -> None:
    def failing(_file: int) -> None:
        raise OSError(number, os.strerror(number))

    await store.append("home", ref_of(b"water"), offset=0, chunk=b"water")
    with monkeypatch.context() as bad_disk:
        bad_disk.setattr(os, "fsync", failing)
        with pytest.raises(told):
            await store.keep("home", ref_of(b"water"))
    with pytest.raises(UploadIncomplete):
        await store.keep("home", ref_of(b"water"))
    await bring(store, b"water")


async def test_a_commit_goes_on_when_nobody_waits_for_it(folder: Path, clock: Hands) -> None:
    store, data = FolderContentStore(folder, BlockingPool(), clock), bytes(64 << 20)
    ref = ref_of(data)
    await store.append("home", ref, offset=0, chunk=data)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await store.keep("home", ref)
    await store.keep("home", ref)
    (kept,) = found(folder, "*/kept/*/*")
    assert kept.name == ref.sha256.hex()


async def test_an_upload_stays_open_when_there_is_no_room_to_keep_it(
    store: ContentStore, folder: Path
) -> None:
    ref = ref_of(b"water")
    await store.append("home", ref, offset=0, chunk=b"water")
    (upload,) = found(folder, "*/uploads/*")
    shelf = upload.parent.parent / "kept"
    shelf.touch()
    with pytest.raises(StorageUnavailable):
        await store.keep("home", ref)
    assert stat.S_IMODE(upload.stat().st_mode) == 0o600
    shelf.unlink()
    await store.keep("home", ref)


async def test_bytes_that_are_brought_again_while_they_are_forgotten_stay(
    store: ContentStore, clock: Hands, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bring(store, b"water")
    clock.move(DAY)
    await store.append("home", ref_of(b"water"), offset=0, chunk=b"water")
    paths = content_files.ContentPaths(root=folder, namespace="home", ref=ref_of(b"water"))
    time_of, committed = content_files._time_of, []

    def commit() -> None:
        with suppress(BlockingIOError):
            content_files.keep(paths, now=clock(), is_sound=False)
            committed.append(True)

    def with_a_commit_after_the_look(status: os.stat_result) -> datetime:
        commit()
        return time_of(status)

    with monkeypatch.context() as race:
        race.setattr(content_files, "_time_of", with_a_commit_after_the_look)
        await store.forget(key_of(b"water"), kept_before=clock())
    if not committed:
        commit()
    assert [chunk async for chunk in store.read("home", ref_of(b"water"), offset=0)] == [
        b"water"
    ]


async def test_a_full_disk_leaves_no_draft_of_a_name(
    store: ContentStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    assert await store.lacking() == ""
    with monkeypatch.context() as full_disk:
        full_disk.setattr(os, "fsync", failing)
        with pytest.raises(StorageFull):
            await store.append("home", ref_of(b"water"), offset=0, chunk=b"water")
    assert found(folder, "*/*") == []
    await bring(store, b"water")


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, clock: Hands) -> None:
    (tmp_path / "file").touch()
    store = FolderContentStore(tmp_path / "file" / "content", BlockingPool(), clock)
    assert "Not a directory" in await store.lacking()


async def test_a_file_in_use_is_waited_for_without_a_thread(folder: Path, clock: Hands) -> None:
    store = FolderContentStore(folder, BlockingPool(), clock)
    ref = ref_of(b"water")
    await store.append("home", ref, offset=0, chunk=b"wat")
    (upload,) = found(folder, "*/uploads/*")
    with upload.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = [
            asyncio.create_task(store.append("home", ref, offset=3, chunk=b"er"))
            for _ in range(20)
        ]
        await store.append("home", ref_of(b"other"), offset=0, chunk=b"o")
        assert not any(task.done() for task in waiting)
    assert await asyncio.gather(*waiting) == [5] * 20


async def test_nothing_outside_the_folder_is_opened(
    store: ContentStore, folder: Path, opened_files: list[str]
) -> None:
    for namespace in ("..", "/etc", "x\0y", "a" * 100):
        await bring(store, b"water", namespace)
    await store.drop_uploads(idle_since=Hands().now)
    assert opened_files
    assert all(Path(path).is_relative_to(folder.parent) for path in opened_files)


@pytest.fixture
def opened_files() -> Any:
    """Paths that this process opens by name while the test runs."""
    seen: list[str] = []
    watching = True

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if watching and event == "open" and isinstance(arguments[0], str | os.PathLike):
            seen.append(os.fspath(arguments[0]))

    sys.addaudithook(audit)
    yield seen
    watching = False
