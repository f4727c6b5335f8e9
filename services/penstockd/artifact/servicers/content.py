"""ContentService: protobuf in, protobuf out. Nothing is decided here."""

from collections.abc import AsyncIterator

import grpc

from penstock.api.artifact.v1 import content_pb2
from penstock.api.artifact.v1 import content_service_pb2 as pb
from penstock.api.artifact.v1.content_service_pb2_grpc import (
    ContentServiceServicer,
    add_ContentServiceServicer_to_server,
)
from penstockd.artifact.rules.content import Content
from penstockd.artifact.usecases.content import Contents
from penstockd.chassis.wire.payloads import content_ref_from_proto, content_ref_to_proto
from penstockd.chassis.wire.times import put_time


class ContentServicer(ContentServiceServicer):
    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    def add_to(self, server: grpc.aio.Server) -> None:
        add_ContentServiceServicer_to_server(self, server)

    async def UploadChunk(
        self, request: pb.UploadChunkRequest, context: object
    ) -> pb.UploadChunkResponse:
        received = await self._contents.upload(
            request.namespace,
            content_ref_from_proto(request.content_ref),
            offset=request.offset,
            chunk=request.chunk,
        )
        return pb.UploadChunkResponse(received_size=received)

    async def CommitContent(
        self, request: pb.CommitContentRequest, context: object
    ) -> pb.CommitContentResponse:
        content = await self._contents.commit(
            request.namespace, content_ref_from_proto(request.content_ref)
        )
        return pb.CommitContentResponse(content=_to_proto(content))

    async def GetContent(
        self, request: pb.GetContentRequest, context: object
    ) -> pb.GetContentResponse:
        content = await self._contents.get(request.namespace, request.sha256)
        return pb.GetContentResponse(content=_to_proto(content))

    async def DownloadContent(
        self, request: pb.DownloadContentRequest, context: object
    ) -> AsyncIterator[pb.DownloadContentResponse]:
        chunks = self._contents.download(
            request.namespace, request.sha256, offset=request.offset
        )
        async for chunk in chunks:
            yield pb.DownloadContentResponse(chunk=chunk)


def _to_proto(content: Content) -> content_pb2.Content:
    message = content_pb2.Content(content_ref=content_ref_to_proto(content.ref))
    put_time(message.create_time, content.create_time)
    return message
