"""Values as payloads and back, with their bytes elsewhere where they are large."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.api.type.v1.payload_pb2 import Payload
from penstock.client.connection import Connection
from penstock.client.content import Content
from penstock.client.wire.payloads import by_digest, inline, value_of
from penstock.payloads.encoding import to_upload
from penstock.payloads.values import INLINE_LIMIT, EncodedPayload


class PayloadCodec:
    """Turns values into payloads and back."""

    def __init__(self, connection: Connection) -> None:
        self._content = connection.part(Content)

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
        return value_of(payload, await self._content.download(payload.content))

    async def arguments(self, payloads: Mapping[str, Payload]) -> dict[str, Any]:
        """Return arguments by name."""
        return {name: await self.value(payload) for name, payload in payloads.items()}

    async def _uploaded(self, value: EncodedPayload) -> Payload:
        return by_digest(value, await self._content.upload(value.data))
