"""Large values: uploaded before anything names them, and downloaded by their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from penstock.api.artifact.v1.content_service_pb2 import (
    CommitContentRequest,
    DownloadContentRequest,
    GetContentRequest,
    UploadChunkRequest,
)
from penstock.api.artifact.v1.content_service_pb2_grpc import ContentServiceStub
from penstock.api.type.v1.payload_pb2 import ContentRef, Payload
from penstock.client.connection import Connection
from penstock.client.wire.payloads import by_digest, inline, value_of
from penstock.errors import ContentNotFound, UploadIncomplete
from penstock.payloads.encoding import to_upload
from penstock.payloads.values import INLINE_LIMIT, EncodedPayload
from penstock.wire_errors import named_errors

CHUNK = 1024 * 1024
UPLOADS = 3


@dataclass(frozen=True, slots=True)
class PayloadCodec:
    """Turns values into payloads and back, with the artifact service where they are large."""

    connection: Connection
    stub: Any = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stub", ContentServiceStub(self.connection.artifact))

    async def payload(self, value: EncodedPayload) -> Payload:
        """Return the value for the wire; a large one is uploaded and named by digest."""
        if len(value.data) <= INLINE_LIMIT:
            return inline(value)
        return await self._uploaded(value)

    async def parameters(self, values: Mapping[str, EncodedPayload]) -> dict[str, Payload]:
        """Return arguments for the wire; as many are uploaded as one message cannot carry."""
        large = to_upload(values)
        return {
            name: await self._uploaded(value) if name in large else inline(value)
            for name, value in values.items()
        }

    async def value(self, payload: Payload) -> Any:
        """Return the value that a payload carries or names."""
        if payload.WhichOneof("data") == "inline":
            return value_of(payload, payload.inline)
        return value_of(payload, await self.download(payload.content.sha256))

    async def arguments(self, payloads: Mapping[str, Payload]) -> dict[str, Any]:
        """Return arguments by name."""
        return {name: await self.value(payload) for name, payload in payloads.items()}

    async def download(self, sha256: bytes) -> bytes:
        request = DownloadContentRequest(namespace=self.connection.namespace, sha256=sha256)
        with named_errors():
            chunks = [reply.chunk async for reply in self.stub.DownloadContent(request)]
        return b"".join(chunks)

    async def _uploaded(self, value: EncodedPayload) -> Payload:
        data = value.data
        ref = ContentRef(sha256=hashlib.sha256(data).digest(), size=len(data))
        await self._upload(ref, data)
        return by_digest(value, ref)

    async def _upload(self, ref: ContentRef, data: bytes) -> None:
        try:
            with named_errors():
                asked = GetContentRequest(
                    namespace=self.connection.namespace, sha256=ref.sha256
                )
                await self.stub.GetContent(asked)
        except ContentNotFound:
            for left in reversed(range(UPLOADS)):
                try:
                    return await self._send_chunks(ref, data)
                except UploadIncomplete:
                    # The server lost a part; it answers the first chunk with what it has.
                    if not left:
                        raise

    async def _send_chunks(self, ref: ContentRef, data: bytes) -> None:
        namespace = self.connection.namespace
        offset = 0
        while offset < len(data):
            chunk = UploadChunkRequest(
                namespace=namespace,
                content_ref=ref,
                offset=offset,
                chunk=data[offset : offset + CHUNK],
            )
            with named_errors():
                offset = (await self.stub.UploadChunk(chunk)).received_size
        with named_errors():
            await self.stub.CommitContent(
                CommitContentRequest(namespace=namespace, content_ref=ref)
            )
