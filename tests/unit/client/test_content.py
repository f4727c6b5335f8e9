"""Bytes travel once, and an upload that goes wrong is not begun for ever."""

import asyncio
from hashlib import sha256
from typing import NoReturn

import pytest

from penstock.api.artifact.v1 import content_service_pb2 as pb
from penstock.client.content import UPLOADS, Content
from penstock.errors import ContentNotFound, UploadIncomplete
from unit.client.channels import Answering, connection_over

DATA = b"litres"


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
