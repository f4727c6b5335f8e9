"""What ContentService promises, over both transports."""

import asyncio
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from conformance.artifact.test_content_store import no_file_longer_than
from contract.artifact.conftest import Site, artifact_beside
from penstock.api.artifact.v1 import content_service_pb2 as pb
from penstock.api.artifact.v1.content_service_pb2_grpc import ContentServiceStub
from penstock.api.type.v1.payload_pb2 import ContentRef
from penstock.errors import (
    ContentCorrupt,
    ContentNotFound,
    DigestMismatch,
    InvalidArgument,
    QuotaExceeded,
    StorageFull,
    UploadIncomplete,
)
from penstock.wire_channels import open_channel, with_call_defaults
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio

MIB = 1 << 20
RIVER = bytes(range(256)) * 10_000  # 2.4 MiB
# What only some file systems tell apart, or take.
LOOK_ALIKE = ["CON", "con", "a.", "a", "A"]
HOSTILE = [
    "../../etc",
    "/etc/passwd",
    "%2e%2e/%2e%2e",
    "..\\x",
    "a ",
    "\uff41",
]

Stub = Any


@pytest_asyncio.fixture
async def stub(site: Site) -> Any:
    """Contents need no other service: here state is away."""
    async with (
        open_channel("127.0.0.1:1", retries=False) as nobody,
        artifact_beside(site, with_call_defaults(nobody)) as channel,
    ):
        yield ContentServiceStub(channel)


def ref_of(data: bytes) -> ContentRef:
    return ContentRef(sha256=sha256(data).digest(), size=len(data))


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def upload(stub: Stub, data: bytes, *, start: int = 0, namespace: str = "home") -> int:
    received = start
    while received < len(data):
        request = pb.UploadChunkRequest(
            namespace=namespace,
            content_ref=ref_of(data),
            offset=received,
            chunk=data[received : received + MIB],
        )
        received = (await stub.UploadChunk(request)).received_size
    return received


async def commit(stub: Stub, ref: ContentRef, namespace: str = "home") -> Any:
    request = pb.CommitContentRequest(namespace=namespace, content_ref=ref)
    return (await stub.CommitContent(request)).content


async def bring(stub: Stub, data: bytes, namespace: str = "home") -> Any:
    await upload(stub, data, namespace=namespace)
    return await commit(stub, ref_of(data), namespace)


async def get(stub: Stub, digest: bytes, namespace: str = "home") -> Any:
    request = pb.GetContentRequest(namespace=namespace, sha256=digest)
    return (await stub.GetContent(request)).content


async def download(
    stub: Stub, digest: bytes, *, offset: int = 0, namespace: str = "home"
) -> list[bytes]:
    request = pb.DownloadContentRequest(namespace=namespace, sha256=digest, offset=offset)
    return [reply.chunk async for reply in stub.DownloadContent(request)]


async def test_bytes_come_back(stub: Stub) -> None:
    committed = await bring(stub, RIVER)
    assert committed.content_ref == ref_of(RIVER)
    assert await get(stub, committed.content_ref.sha256) == committed
    chunks = await download(stub, committed.content_ref.sha256)
    assert b"".join(chunks) == RIVER
    assert max(map(len, chunks)) <= MIB


async def test_a_download_goes_on_from_an_offset(stub: Stub) -> None:
    await bring(stub, RIVER)
    chunks = await download(stub, ref_of(RIVER).sha256, offset=MIB + 5)
    assert b"".join(chunks) == RIVER[MIB + 5 :]


async def test_a_download_does_not_begin_beyond_the_end(stub: Stub) -> None:
    await bring(stub, b"water")
    with pytest.raises(InvalidArgument), named_errors():
        await download(stub, ref_of(b"water").sha256, offset=6)


async def test_empty_content_is_committed_without_an_upload(stub: Stub) -> None:
    await commit(stub, ref_of(b""))
    assert await download(stub, ref_of(b"").sha256) == []


async def test_an_interrupted_upload_goes_on(stub: Stub, site: Site) -> None:
    await upload(stub, RIVER[:MIB])
    request = pb.UploadChunkRequest(
        namespace="home", content_ref=ref_of(RIVER), offset=0, chunk=RIVER[:MIB]
    )
    await stub.UploadChunk(request)
    with pytest.raises(UploadIncomplete), named_errors():
        await commit(stub, ref_of(RIVER))
    async with (
        open_channel("127.0.0.1:1") as nobody,
        artifact_beside(site, with_call_defaults(nobody)) as restarted,
    ):
        other = ContentServiceStub(restarted)
        request.offset, request.chunk = 2 * MIB, RIVER[2 * MIB :]
        with pytest.raises(UploadIncomplete) as caught, named_errors():
            await other.UploadChunk(request)
        assert caught.value.metadata == {"received_size": str(MIB)}
        await upload(other, RIVER, start=MIB)
        await commit(other, ref_of(RIVER))
    assert b"".join(await download(stub, ref_of(RIVER).sha256)) == RIVER


async def test_a_commit_that_comes_twice_gets_the_same(stub: Stub) -> None:
    first = await bring(stub, b"water")
    assert await commit(stub, first.content_ref) == first
    assert await bring(stub, b"water") == first


async def test_many_may_bring_the_same_at_once(stub: Stub) -> None:
    first, *others = await asyncio.gather(*(bring(stub, RIVER) for _ in range(4)))
    assert others == [first] * 3


async def test_an_upload_goes_on_though_others_kept_the_same_and_began_again(
    stub: Stub,
) -> None:
    head, rest = RIVER[:MIB], RIVER[2 * MIB :]
    committed = await bring(stub, RIVER)
    for offset, chunk, received in ((0, head, MIB), (2 * MIB, rest, len(RIVER))):
        request = pb.UploadChunkRequest(
            namespace="home", content_ref=ref_of(RIVER), offset=offset, chunk=chunk
        )
        assert (await stub.UploadChunk(request)).received_size == received
    assert await commit(stub, ref_of(RIVER)) == committed
    assert await bring(stub, RIVER) == committed


async def test_bytes_with_another_digest_are_refused(stub: Stub) -> None:
    lie = ContentRef(sha256=ref_of(b"water").sha256, size=5)
    request = pb.UploadChunkRequest(namespace="home", content_ref=lie, offset=0, chunk=b"steam")
    await stub.UploadChunk(request)
    with pytest.raises(DigestMismatch), named_errors():
        await commit(stub, lie)
    with pytest.raises(ContentNotFound), named_errors():
        await get(stub, lie.sha256)


async def test_content_of_another_namespace_is_not_there(stub: Stub) -> None:
    await bring(stub, b"water", "away")
    digest = ref_of(b"water").sha256
    with pytest.raises(ContentNotFound), named_errors():
        await get(stub, digest)
    with pytest.raises(ContentNotFound), named_errors():
        await download(stub, digest)
    with pytest.raises(UploadIncomplete), named_errors():
        await commit(stub, ref_of(b"water"))


async def test_corrupt_content_is_never_handed_out_whole(stub: Stub, site: Site) -> None:
    await bring(stub, RIVER)
    (path,) = site.content_folder.glob(f"*/kept/*/{ref_of(RIVER).sha256.hex()}")
    path.chmod(0o600)
    path.write_bytes(RIVER[:-1] + b"x")
    got = b""
    with pytest.raises(ContentCorrupt), named_errors():
        request = pb.DownloadContentRequest(namespace="home", sha256=ref_of(RIVER).sha256)
        async for reply in stub.DownloadContent(request):
            got += reply.chunk
    assert len(got) < len(RIVER)
    # Whoever asks whether it is there hears that it is to be uploaded.
    with pytest.raises(ContentCorrupt), named_errors():
        await get(stub, ref_of(RIVER).sha256)
    await bring(stub, RIVER)
    await get(stub, ref_of(RIVER).sha256)
    assert b"".join(await download(stub, ref_of(RIVER).sha256)) == RIVER


async def test_a_full_disk_is_told(stub: Stub) -> None:
    with no_file_longer_than(MIB + 5), pytest.raises(StorageFull), named_errors():
        await upload(stub, RIVER)
    await bring(stub, RIVER)


@pytest.mark.parametrize("namespace", HOSTILE)
async def test_no_name_leaves_the_folder(
    stub: Stub, site: Site, namespace: str, tmp_path: Path
) -> None:
    before = names_in(tmp_path)
    with pytest.raises(InvalidArgument) as refused, named_errors():
        await bring(stub, b"water", namespace)
    assert refused.value.violations[0].field == "namespace"
    assert names_in(tmp_path) - before <= {site.content_folder.name, "penstock.db-wal"}
    assert not list(site.content_folder.glob("*"))


async def test_names_that_look_alike_share_nothing(stub: Stub, site: Site) -> None:
    for namespace in LOOK_ALIKE:
        await bring(stub, namespace.encode(), namespace)
    assert len(names_in(site.content_folder)) == len(LOOK_ALIKE)
    for namespace in LOOK_ALIKE:
        digest = ref_of(namespace.encode()).sha256
        assert await download(stub, digest, namespace=namespace) == [namespace.encode()]


@pytest.mark.parametrize(
    ("method", "request_"),
    [
        ("UploadChunk", pb.UploadChunkRequest(namespace="home", offset=0, chunk=b"x")),
        (
            "UploadChunk",
            pb.UploadChunkRequest(
                namespace="home", content_ref=ref_of(b"x"), offset=-1, chunk=b"x"
            ),
        ),
        (
            "UploadChunk",
            pb.UploadChunkRequest(namespace="home", content_ref=ref_of(b"x"), chunk=b"xy"),
        ),
        (
            "UploadChunk",
            pb.UploadChunkRequest(namespace="", content_ref=ref_of(b"x"), chunk=b"x"),
        ),
        (
            "CommitContent",
            pb.CommitContentRequest(
                namespace="home", content_ref=ContentRef(sha256=b"../../x")
            ),
        ),
        ("GetContent", pb.GetContentRequest(namespace="home", sha256=b"short")),
        ("DownloadContent", pb.DownloadContentRequest(namespace="home", sha256=b"../x")),
    ],
)
async def test_what_breaks_a_rule_is_refused(stub: Stub, method: str, request_: Any) -> None:
    with pytest.raises(InvalidArgument), named_errors():
        await the_end_of(getattr(stub, method)(request_))


async def the_end_of(call: Any) -> None:
    if not hasattr(call, "__aiter__"):
        await call
        return
    async for _ in call:
        pass


async def test_uploads_have_a_quota(site: Site) -> None:
    async with (
        open_channel("127.0.0.1:1", retries=False) as nobody,
        artifact_beside(
            site, with_call_defaults(nobody), quota_upload_bytes=MIB + 100
        ) as channel,
    ):
        stub: Stub = ContentServiceStub(channel)
        await stub.UploadChunk(a_chunk(RIVER[:MIB]))
        with pytest.raises(QuotaExceeded) as told, named_errors():
            await stub.UploadChunk(a_chunk(RIVER[1 : MIB + 1]))
    assert told.value.metadata == {"quota": "quota_upload_bytes"}


def a_chunk(data: bytes) -> pb.UploadChunkRequest:
    return pb.UploadChunkRequest(
        namespace="default", content_ref=ref_of(data), offset=0, chunk=data
    )
