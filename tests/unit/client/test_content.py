"""Bytes travel once, and an upload that goes wrong is not begun for ever."""

import asyncio
from hashlib import sha256
from typing import NoReturn

import pytest

from penstock.api.artifact.v1 import content_service_pb2 as pb
from penstock.api.type.v1.payload_pb2 import ContentRef
from penstock.client.content import UPLOADS, Content
from penstock.errors import ContentCorrupt, ContentNotFound, UploadIncomplete
from unit.client.channels import Answering, connection_over

DATA = b"litres"
REF = ContentRef(sha256=sha256(DATA).digest(), size=len(DATA))


def missing(_request: object) -> NoReturn:
    raise ContentNotFound("it is not here")


def incomplete(_request: object) -> NoReturn:
    raise UploadIncomplete("a part is missing")


def test_what_is_there_is_not_sent_again() -> None:
    service = Answering(GetContent=lambda _request: pb.GetContentResponse())
    digest = asyncio.run(Content(connection_over(service)).upload(DATA))
    assert digest == sha256(DATA).digest()
    [request] = service.asked
    assert request.sha256 == digest


def test_an_upload_of_which_parts_are_lost_again_and_again_is_given_up() -> None:
    service = Answering(
        GetContent=missing,
        UploadChunk=lambda request: pb.UploadChunkResponse(received_size=len(request.chunk)),
        CommitContent=incomplete,
    )
    with pytest.raises(UploadIncomplete):
        asyncio.run(Content(connection_over(service)).upload(DATA))
    commits = [it for it in service.asked if isinstance(it, pb.CommitContentRequest)]
    assert len(commits) == UPLOADS


def corrupt(_request: object) -> NoReturn:
    raise ContentCorrupt("other bytes")


def test_what_is_damaged_there_is_sent_again() -> None:
    service = Answering(
        GetContent=corrupt,
        UploadChunk=lambda request: pb.UploadChunkResponse(received_size=len(request.chunk)),
        CommitContent=lambda _request: pb.CommitContentResponse(),
    )
    asyncio.run(Content(connection_over(service)).upload(DATA))
    assert [type(it) for it in service.asked[1:]] == [
        pb.UploadChunkRequest, pb.CommitContentRequest,
    ]  # fmt: skip


def answered_by(*chunks: bytes) -> Content:
    replies = [pb.DownloadContentResponse(chunk=chunk) for chunk in chunks]
    return Content(connection_over(Answering(DownloadContent=lambda _request: replies)))


def test_a_download_is_what_was_asked_for() -> None:
    assert asyncio.run(answered_by(DATA[:2], DATA[2:]).download(REF)) == DATA


@pytest.mark.parametrize(
    "chunks",
    [[], [b"litre"], [b"liters"], [DATA, b"s"], [DATA] * 3],
    ids=["nothing", "less", "other bytes", "more", "much more"],
)
def test_bytes_that_were_changed_on_their_way_are_no_value(chunks: list[bytes]) -> None:
    with pytest.raises(ContentCorrupt, match=f"not the 6 bytes of {REF.sha256.hex()}"):
        asyncio.run(answered_by(*chunks).download(REF))
