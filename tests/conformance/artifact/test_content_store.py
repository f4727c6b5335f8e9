"""What a store of bytes promises, whatever keeps them."""

import asyncio
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from conformance.artifact.conftest import ContentRig
from penstock.errors import (
    ContentCorrupt,
    DigestMismatch,
    InvalidArgument,
    StorageFull,
    UploadIncomplete,
)
from penstockd.artifact.rules.content import CHUNK_SIZE
from penstockd.artifact.store.ports.content import ContentStore
from penstockd.chassis.payload import ContentRef
from unit.artifact.builders import DAY, MOMENT, key_of, ref_of

pytestmark = pytest.mark.asyncio

RIVER = bytes(range(256)) * 10_000  # 2.4 MiB


async def put(store: ContentStore, data: bytes, namespace: str = "home") -> ContentRef:
    """Upload as clients do: whoever else brings the same bytes may begin them anew."""
    ref, at = ref_of(data), 0
    while True:
        try:
            while at < len(data):
                chunk = data[at : at + CHUNK_SIZE]
                at = await store.append(namespace, ref, offset=at, chunk=chunk)
            await store.keep(namespace, ref)
        except UploadIncomplete as error:
            at = int(error.metadata["received_size"])
        else:
            return ref


async def chunks_of(chunks: AsyncIterator[bytes]) -> list[bytes]:
    return [chunk async for chunk in chunks]


async def get(store: ContentStore, ref: ContentRef, *, offset: int = 0) -> bytes:
    return b"".join(await chunks_of(store.read("home", ref, offset=offset)))


async def kept(content: ContentRig) -> set[bytes]:
    later = content.clock() + DAY
    return {key.sha256 async for keys in content.store.kept_before(later) for key in keys}


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [1, 5, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2_500_000])
async def test_bytes_are_read_as_they_were_uploaded(content: ContentRig, size: int) -> None:
    ref = await put(content.store, RIVER[:size])
    chunks = await chunks_of(content.again().read("home", ref, offset=0))
    assert b"".join(chunks) == RIVER[:size]
    assert max(map(len, chunks)) <= CHUNK_SIZE


@pytest.mark.parametrize("offset", [0, 1, CHUNK_SIZE, 2_559_999, 2_560_000])
async def test_reading_begins_anywhere(content: ContentRig, offset: int) -> None:
    ref = await put(content.store, RIVER)
    assert await get(content.store, ref, offset=offset) == RIVER[offset:]


async def test_reading_does_not_begin_beyond_the_end(content: ContentRig) -> None:
    ref = await put(content.store, b"water")
    with pytest.raises(InvalidArgument):
        await get(content.store, ref, offset=6)


async def test_empty_content_needs_no_upload(content: ContentRig) -> None:
    await content.store.keep("home", ref_of(b""))
    await content.store.keep("home", ref_of(b""))
    assert await get(content.store, ref_of(b"")) == b""
    assert await kept(content) == {ref_of(b"").sha256}


async def test_nothing_else_is_empty(content: ContentRig) -> None:
    with pytest.raises(DigestMismatch):
        await content.store.keep("home", ContentRef(sha256=bytes(32), size=0))


async def test_a_chunk_that_comes_twice_changes_nothing(content: ContentRig) -> None:
    ref = ref_of(b"water falls")
    assert await content.store.append("home", ref, offset=0, chunk=b"water") == 5
    assert await content.store.append("home", ref, offset=0, chunk=b"water") == 5
    assert await content.store.append("home", ref, offset=0, chunk=b"wat") == 5
    assert await content.store.append("home", ref, offset=3, chunk=b"er falls") == 11
    await content.store.keep("home", ref)
    assert await get(content.store, ref) == b"water falls"


async def test_an_interrupted_upload_goes_on_elsewhere(content: ContentRig) -> None:
    ref = ref_of(b"water falls")
    await content.store.append("home", ref, offset=0, chunk=b"water")
    other = content.again()
    with pytest.raises(UploadIncomplete) as caught:
        await other.append("home", ref, offset=8, chunk=b"lls")
    assert caught.value.metadata == {"received_size": "5"}
    await other.append("home", ref, offset=5, chunk=b" falls")
    await other.keep("home", ref)
    assert await get(other, ref) == b"water falls"


async def test_a_part_is_not_kept(content: ContentRig) -> None:
    ref = ref_of(b"water")
    await content.store.append("home", ref, offset=0, chunk=b"wat")
    with pytest.raises(UploadIncomplete) as caught:
        await content.store.keep("home", ref)
    assert caught.value.metadata == {"received_size": "3"}
    assert await kept(content) == set()


async def test_what_was_never_uploaded_is_not_kept(content: ContentRig) -> None:
    with pytest.raises(UploadIncomplete) as caught:
        await content.store.keep("home", ref_of(b"water"))
    assert caught.value.metadata == {"received_size": "0"}


async def test_a_chunk_beyond_the_size_is_refused(content: ContentRig) -> None:
    with pytest.raises(InvalidArgument):
        await content.store.append("home", ref_of(b"water"), offset=3, chunk=b"ery")


async def test_other_bytes_are_dropped(content: ContentRig) -> None:
    ref = ref_of(b"water")
    await content.store.append("home", ref, offset=0, chunk=b"steam")
    with pytest.raises(DigestMismatch):
        await content.store.keep("home", ref)
    assert await kept(content) == set()
    assert await content.store.append("home", ref, offset=0, chunk=b"water") == 5
    await content.store.keep("home", ref)
    assert await get(content.store, ref) == b"water"


async def test_keeping_twice_is_keeping(content: ContentRig) -> None:
    ref = await put(content.store, b"water")
    await content.store.keep("home", ref)
    await put(content.store, b"water")
    assert await get(content.store, ref) == b"water"


async def test_a_digest_opens_nothing_in_another_namespace(content: ContentRig) -> None:
    ref = await put(content.store, b"water", "away")
    with pytest.raises(UploadIncomplete):
        await content.store.keep("home", ref)


async def test_many_may_bring_the_same_bytes_at_once(content: ContentRig) -> None:
    stores = [content.again() for _ in range(5)]
    refs = await asyncio.gather(*(put(store, RIVER) for store in stores))
    assert await get(content.store, refs[0]) == RIVER


async def test_who_is_slower_need_not_begin_again(content: ContentRig) -> None:
    ref = ref_of(b"water")
    await content.store.append("home", ref, offset=0, chunk=b"wat")
    await put(content.again(), b"water")
    assert await content.store.append("home", ref, offset=3, chunk=b"e") == 5
    await content.store.keep("home", ref)


async def test_a_late_liar_cannot_change_what_is_kept(content: ContentRig) -> None:
    ref = await put(content.store, b"water")
    await content.store.append("home", ref, offset=0, chunk=b"steam")
    assert await get(content.store, ref) == b"water"
    with pytest.raises(DigestMismatch):
        await content.store.keep("home", ref)
    await content.store.keep("home", ref)
    assert await get(content.store, ref) == b"water"


@pytest.mark.parametrize("flipped", [0, CHUNK_SIZE, len(RIVER) - 1])
@pytest.mark.parametrize("offset", [0, CHUNK_SIZE + 1])
async def test_corrupt_bytes_never_come_whole(
    content: ContentRig, flipped: int, offset: int
) -> None:
    ref = await put(content.store, RIVER)
    bad = bytearray(RIVER)
    bad[flipped] ^= 1
    content.damage(key_of(RIVER), bytes(bad))
    got = b""
    with pytest.raises(ContentCorrupt):
        async for chunk in content.store.read("home", ref, offset=offset):
            got += chunk
    assert len(got) < len(RIVER) - offset


@pytest.mark.parametrize("data", [RIVER[:-1], RIVER + b"x", b""])
async def test_bytes_of_another_size_are_corrupt(content: ContentRig, data: bytes) -> None:
    ref = await put(content.store, RIVER)
    content.damage(key_of(RIVER), data)
    with pytest.raises(ContentCorrupt):
        await get(content.store, ref)


async def test_lost_bytes_are_corrupt_and_may_be_uploaded_again(content: ContentRig) -> None:
    ref = await put(content.store, RIVER)
    content.lose(key_of(RIVER))
    with pytest.raises(ContentCorrupt):
        await get(content.store, ref)
    await put(content.store, RIVER)
    assert await get(content.store, ref) == RIVER


async def test_an_upload_mends_corrupt_bytes(content: ContentRig) -> None:
    ref = await put(content.store, b"water")
    content.damage(key_of(b"water"), b"wader")
    await put(content.store, b"water")
    assert await get(content.store, ref) == b"water"


@pytest.mark.parametrize("bad", [b"wader", b"wat", None], ids=["digest", "size", "lost"])
async def test_what_another_process_finds_damaged_is_not_there(
    content: ContentRig, bad: bytes | None
) -> None:
    ref = await put(content.store, b"water")
    if bad is None:
        content.lose(key_of(b"water"))
    else:
        content.damage(key_of(b"water"), bad)
    later = content.again()
    with pytest.raises(ContentCorrupt):
        await later.check("home", ref)
    with pytest.raises(UploadIncomplete) as refused:
        await later.keep("home", ref)
    assert refused.value.metadata["received_size"] == "0"
    await put(later, b"water")
    await later.check("home", ref)
    assert await get(later, ref) == b"water"


async def test_what_a_reader_met_is_looked_at_again(content: ContentRig) -> None:
    ref = await put(content.store, b"water")
    await content.store.check("home", ref)
    content.damage(key_of(b"water"), b"wader")
    # It has been hashed in this process; to do that each time would cost as much as an upload.
    await content.store.check("home", ref)
    with pytest.raises(ContentCorrupt):
        await get(content.store, ref)
    with pytest.raises(ContentCorrupt):
        await content.store.check("home", ref)


async def test_a_full_disk_is_told_and_the_upload_goes_on(content: ContentRig) -> None:
    ref = ref_of(RIVER)
    with no_file_longer_than(1_500_000), pytest.raises(StorageFull):
        await put(content.store, RIVER)
    assert await kept(content) == set()
    assert await put(content.store, RIVER) == ref
    assert await get(content.store, ref) == RIVER


async def test_only_what_is_old_is_forgotten(content: ContentRig) -> None:
    await put(content.store, b"old")
    content.clock.move(DAY)
    await put(content.store, b"new")
    before = content.clock()
    found = [key async for keys in content.store.kept_before(before) for key in keys]
    assert found == [key_of(b"old")]
    assert not await content.store.forget(key_of(b"new"), kept_before=before)
    assert await content.store.forget(key_of(b"old"), kept_before=before)
    assert not await content.store.forget(key_of(b"old"), kept_before=before)
    assert await kept(content) == {key_of(b"new").sha256}


async def test_what_is_kept_again_is_new(content: ContentRig) -> None:
    ref = await put(content.store, b"water")
    content.clock.move(DAY)
    await content.store.keep("home", ref)
    assert not await content.store.forget(key_of(b"water"), kept_before=content.clock())


async def test_idle_uploads_are_dropped(content: ContentRig) -> None:
    idle, busy = ref_of(b"idle"), ref_of(b"busy")
    await content.store.append("home", idle, offset=0, chunk=b"i")
    await content.store.append("home", busy, offset=0, chunk=b"b")
    content.clock.move(DAY)
    await content.store.append("home", busy, offset=1, chunk=b"u")
    assert await content.store.drop_uploads(idle_since=content.clock() - MOMENT * 1000) == 1
    assert await content.store.append("home", idle, offset=0, chunk=b"i") == 1
    assert await content.store.append("home", busy, offset=0, chunk=b"bus") == 3


async def test_a_working_store_lacks_nothing(content: ContentRig) -> None:
    assert await content.store.lacking() == ""
