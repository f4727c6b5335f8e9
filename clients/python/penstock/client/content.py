"""Bytes by their digest: uploaded before anything names them, and downloaded again."""

from __future__ import annotations

import hashlib

from penstock.api.artifact.v1.content_service_pb2 import (
    CommitContentRequest,
    DownloadContentRequest,
    GetContentRequest,
    UploadChunkRequest,
)
from penstock.api.artifact.v1.content_service_pb2_grpc import ContentServiceStub
from penstock.api.type.v1.payload_pb2 import ContentRef
from penstock.client.asking import ask
from penstock.client.connection import Connection
from penstock.errors import ContentCorrupt, ContentNotFound, UploadIncomplete
from penstock.wire_errors import named_errors

CHUNK = 1024 * 1024
UPLOADS = 3


class Content:
    """Asks the artifact service to keep bytes, and for them."""

    def __init__(self, connection: Connection) -> None:
        self._stub = ContentServiceStub(connection.artifact)
        self._namespace = connection.namespace

    async def upload(self, data: bytes) -> bytes:
        """Keep the bytes, and return their SHA-256 digest; nothing travels that is there."""
        ref = ContentRef(sha256=hashlib.sha256(data).digest(), size=len(data))
        if not await self._is_there(ref):
            await self._send(ref, data)
        return ref.sha256

    async def download(self, ref: ContentRef) -> bytes:
        """Return the bytes that have this digest and size.

        Raises:
            ContentCorrupt: other bytes came.
        """
        request = DownloadContentRequest(namespace=self._namespace, sha256=ref.sha256)
        chunks, size = [], 0
        with named_errors(self._stub.DownloadContent):
            async for reply in self._stub.DownloadContent(request):
                chunks.append(reply.chunk)
                size += len(reply.chunk)
                if size > ref.size:
                    break
        data = b"".join(chunks)
        if size != ref.size or hashlib.sha256(data).digest() != ref.sha256:
            digest = ref.sha256.hex()
            raise ContentCorrupt(
                f"the downloaded bytes are not the {ref.size} bytes of {digest}: they are "
                "damaged where they are stored, or were changed on the way",
                sha256=digest,
            )
        return data

    async def _is_there(self, ref: ContentRef) -> bool:
        asked = GetContentRequest(namespace=self._namespace, sha256=ref.sha256)
        try:
            await ask(self._stub.GetContent, asked)
        except (ContentNotFound, ContentCorrupt):
            # Damaged bytes are mended by the same bytes.
            return False
        return True

    async def _send(self, ref: ContentRef, data: bytes) -> None:
        for left in reversed(range(UPLOADS)):
            try:
                await self._send_chunks(ref, data)
            except UploadIncomplete:
                # The server lost a part; it answers the first chunk with what it has.
                if not left:
                    raise
            else:
                return

    async def _send_chunks(self, ref: ContentRef, data: bytes) -> None:
        offset = 0
        while offset < len(data):
            chunk = UploadChunkRequest(
                namespace=self._namespace,
                content_ref=ref,
                offset=offset,
                chunk=data[offset : offset + CHUNK],
            )
            offset = (await ask(self._stub.UploadChunk, chunk)).received_size
        commit = CommitContentRequest(namespace=self._namespace, content_ref=ref)
        await ask(self._stub.CommitContent, commit)
