"""Results of any size come back as they were, also when an upload stops halfway."""

import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from penstock import flow
from penstock.api.artifact.v1.content_service_pb2 import UploadChunkRequest, UploadChunkResponse
from penstock.api.artifact.v1.content_service_pb2_grpc import ContentServiceStub
from penstock.api.type.v1.payload_pb2 import ContentRef
from penstock.client.content import CHUNK, Content
from penstock.client.process_connection import process_connection
from penstock.client.results import Results
from penstock.errors import ContentCorrupt, ContentNotFound
from unit.client.channels import Call, Changing, connection_over


def losing(lost: int) -> Callable[[Call], Call]:
    """Let one chunk disappear on its way."""
    left = lost

    def change(upload: Call) -> Call:
        async def call(request: UploadChunkRequest) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                return UploadChunkResponse(received_size=request.offset + len(request.chunk))
            return await upload(request)

        return call

    return change


def come_back(content: Content, data: bytes) -> bytes:
    async def there_and_back() -> bytes:
        sha256 = await content.upload(data)
        return await content.download(ContentRef(sha256=sha256, size=len(data)))

    return process_connection.opened().loop.run(there_and_back())


@pytest.mark.parametrize("size", [65_520, 65_536, 70_000, 10 * 1024 * 1024])
def test_a_result_of_any_size_is_kept(size: int, recorded: Any) -> None:
    data = os.urandom(size)

    @flow
    def large() -> bytes:
        return data

    assert large() == data
    opened = process_connection.opened()
    result = opened.loop.run(opened.part(Results).value(recorded.newest().result_id))
    assert result == data


@pytest.mark.parametrize("lost", [1, 2, 4])
def test_an_upload_that_lost_a_part_goes_on_from_there(lost: int) -> None:
    channel = Changing(process_connection.opened().artifact, UploadChunk=losing(lost))
    data = os.urandom(3 * CHUNK + 1)
    assert come_back(Content(connection_over(channel)), data) == data


def test_an_upload_that_somebody_began_is_finished() -> None:
    opened = process_connection.opened()
    data = os.urandom(2 * CHUNK)
    ref = ContentRef(sha256=sha256(data).digest(), size=len(data))

    async def begin() -> None:
        await ContentServiceStub(opened.artifact).UploadChunk(
            UploadChunkRequest(
                namespace="default", content_ref=ref, offset=0, chunk=data[:1000]
            )
        )

    opened.loop.run(begin())
    assert come_back(opened.part(Content), data) == data


def without_bytes(store: Path) -> None:
    for kept in store.glob("content/*/kept/*/*"):
        kept.unlink()


def without_row(store: Path) -> None:
    with closing(sqlite3.connect(store / "penstock.db")) as database, database:
        database.execute("DELETE FROM artifact_content")


@pytest.mark.parametrize(
    ("lose", "error"), [(without_bytes, ContentCorrupt), (without_row, ContentNotFound)]
)
def test_who_misses_a_result_is_told_of_which_run(
    recorded: Any,
    store: Path,
    lose: Callable[[Path], None],
    error: type[ContentCorrupt | ContentNotFound],
) -> None:
    @flow
    def large() -> bytes:
        return os.urandom(70_000)

    large()
    lose(store)
    opened, run = process_connection.opened(), recorded.newest()
    with pytest.raises(error) as missed:
        opened.loop.run(opened.part(Results).value(run.result_id))
    assert missed.value.metadata["flow_run_id"] == run.id
    assert run.id in str(missed.value)


def test_a_result_whose_bytes_were_damaged_is_healed_by_the_same_result(
    recorded: Any, store: Path
) -> None:
    value = os.urandom(70_000)

    @flow
    def large() -> bytes:
        return value

    large()
    damage(store)
    # Another process has not seen the bytes.
    process_connection.close()
    large()
    opened = process_connection.opened()
    for run in recorded.flow_runs():
        assert opened.loop.run(opened.part(Results).value(run.result_id)) == value


def damage(store: Path) -> None:
    for kept in store.glob("content/*/kept/*/*"):
        kept.chmod(0o600)
        with kept.open("r+b") as file:
            file.write(b"damaged")


def test_a_result_that_was_changed_on_its_way_is_unreadable_and_says_of_which_run(
    recorded: Any,
) -> None:
    @flow
    def large() -> bytes:
        return os.urandom(70_000)

    large()
    run = recorded.newest()
    opened = process_connection.opened()
    changed = Changing(opened.artifact, DownloadContent=flipping)
    with pytest.raises(ContentCorrupt) as unreadable:
        opened.loop.run(Results(connection_over(changed)).value(run.result_id))
    assert unreadable.value.metadata["flow_run_id"] == run.id


def flipping(call: Callable[..., Any]) -> Callable[..., Any]:
    async def stream(request: Any) -> AsyncIterator[Any]:
        async for reply in call(request):
            reply.chunk = reply.chunk[:-1] + bytes([reply.chunk[-1] ^ 1])
            yield reply

    return stream
