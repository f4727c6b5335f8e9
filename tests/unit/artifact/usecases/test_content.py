"""Bytes come before rows, whatever dies in between; what no row names goes after a day."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from builders import no_limit
from hanging import HANG_LIMIT
from penstock.errors import ContentNotFound, UploadIncomplete
from penstockd.artifact.loops.collecting import Collecting
from penstockd.artifact.store.ports.content import ContentCatalog, ContentStore
from penstockd.artifact.usecases.collection import Collected, collect
from penstockd.artifact.usecases.content import Contents
from penstockd.chassis.one_by_one import OneByOne
from unit.artifact.builders import DAY, Hands, key_of, ref_of
from unit.artifact.usecases.bringing import ROUNDS, data_of

pytestmark = pytest.mark.asyncio

MINUTE = timedelta(minutes=1)


@pytest.fixture
def contents(store: ContentStore, catalog: ContentCatalog, clock: Hands) -> Contents:
    return Contents(store, catalog, clock, no_limit())


def a_process(module: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", f"unit.artifact.usecases.{module}", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        text=True,
    )


def killed_between_bytes_and_row(folder: Path, data: bytes) -> None:
    with a_process("dying", str(folder), data.decode()) as died:
        died.communicate()
    assert died.returncode == -signal.SIGKILL


def bring_from_two_processes(folder: Path) -> None:
    processes = [a_process("bringing", str(folder)) for _ in range(2)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("begin\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=HANG_LIMIT)
        assert process.returncode == 0


async def bring(contents: Contents, data: bytes) -> None:
    await contents.upload("home", ref_of(data), offset=0, chunk=data)
    await contents.commit("home", ref_of(data))


async def read(contents: Contents, data: bytes) -> bytes:
    sha256 = ref_of(data).sha256
    return b"".join([chunk async for chunk in contents.download("home", sha256, offset=0)])


async def test_a_death_between_bytes_and_row_leaves_no_row(
    contents: Contents, store: ContentStore, clock: Hands, tmp_path: Path
) -> None:
    killed_between_bytes_and_row(tmp_path, b"water")
    assert [keys async for keys in store.kept_before(clock() + DAY)] == [[key_of(b"water")]]
    with pytest.raises(ContentNotFound):
        await contents.get("home", ref_of(b"water").sha256)
    await contents.commit("home", ref_of(b"water"))
    assert await read(contents, b"water") == b"water"


async def test_orphans_are_collected_after_a_day(
    store: ContentStore,
    catalog: ContentCatalog,
    contents: Contents,
    clock: Hands,
    tmp_path: Path,
) -> None:
    killed_between_bytes_and_row(tmp_path, b"orphan")
    await bring(contents, b"named")
    await contents.upload("home", ref_of(b"begun"), offset=0, chunk=b"b")
    collection = Collecting(store=store, catalog=catalog, age=DAY)
    clock.move(DAY)
    await collection.tick(clock())
    await contents.commit("home", ref_of(b"orphan"))
    assert await read(contents, b"orphan") == b"orphan"

    killed_between_bytes_and_row(tmp_path, b"orphan2")
    clock.move(MINUTE)
    await collection.tick(clock())
    assert await read(contents, b"named") == b"named"
    assert await read(contents, b"orphan") == b"orphan"
    for gone in (b"orphan2", b"begun"):
        with pytest.raises(UploadIncomplete):
            await contents.commit("home", ref_of(gone))


async def test_what_is_committed_while_it_is_collected_stays(
    store: ContentStore,
    catalog: ContentCatalog,
    contents: Contents,
    clock: Hands,
    tmp_path: Path,
) -> None:
    killed_between_bytes_and_row(tmp_path, b"water")
    clock.move(DAY + MINUTE)
    before = clock() - DAY
    (found,) = [keys async for keys in store.kept_before(before)]
    assert await catalog.unnamed(found) == [key_of(b"water")]
    await contents.commit("home", ref_of(b"water"))
    assert not await store.forget(key_of(b"water"), kept_before=before)
    collected = await collect(store, catalog, before=before, one_by_one=OneByOne("test"))
    assert collected == Collected(contents=0, uploads=0)
    assert await read(contents, b"water") == b"water"


async def test_two_processes_may_bring_the_same_bytes_at_once(
    contents: Contents, tmp_path: Path
) -> None:
    bring_from_two_processes(tmp_path)
    for turn in range(ROUNDS):
        assert await read(contents, data_of(turn)) == data_of(turn)
