"""What flow runs returned, kept by the artifact service under an id."""

from __future__ import annotations

from typing import Any, NamedTuple

from penstock.api.artifact.v1.result_pb2 import Result
from penstock.api.artifact.v1.result_service_pb2 import GetResultRequest, PublishResultRequest
from penstock.api.artifact.v1.result_service_pb2_grpc import ResultServiceStub
from penstock.api.type.v1.payload_pb2 import Payload
from penstock.client.asking import ask
from penstock.client.connection import Connection
from penstock.client.content import Content
from penstock.client.payload_codec import PayloadCodec
from penstock.client.rows import payload_row
from penstock.client.wire.owned import Owned
from penstock.client.wire.payloads import value_of
from penstock.errors import ContentCorrupt, ContentNotFound
from penstock.ground.ids import new_id
from penstock.payloads.values import JSON, EncodedPayload


class StoredResult(NamedTuple):
    """What a program in any language can read of a result: nothing of it is run."""

    content_type: str
    shown: Any


class Results:
    """Asks the artifact service about results."""

    def __init__(self, connection: Connection) -> None:
        self._stub = ResultServiceStub(connection.artifact)
        self._patience = connection.patience["artifact"]
        self._namespace = connection.namespace
        self._codec = connection.part(PayloadCodec)
        self._content = connection.part(Content)

    async def publish(self, owned: Owned, value: EncodedPayload) -> str:
        """Publish what a run returned, and return the result's id."""
        result_id = new_id()
        payload = await self._patience.without_end(lambda: self._codec.payload(value))
        request = PublishResultRequest(
            request_id=new_id(),
            namespace=owned.namespace,
            result_id=result_id,
            run=owned.run(),
            lease=owned.lease.message(),
            payload=payload,
        )
        await self._patience.without_end(lambda: ask(self._stub.PublishResult, request))
        return result_id

    async def value(self, result_id: str) -> Any:
        """Return a published result's value.

        Raises:
            ContentNotFound, ContentCorrupt: its bytes were lost, of a run that the error names.
        """
        payload = await self.fetched(result_id)
        return value_of(payload, payload.inline)

    async def fetched(self, result_id: str) -> Payload:
        """Return a published result with its bytes; to read them may run the user's code.

        Raises:
            ContentNotFound, ContentCorrupt: its bytes were lost, of a run that the error names.
        """
        result = await self._get(result_id)
        payload = result.payload
        if payload.WhichOneof("data") == "content":
            try:
                payload.inline = await self._content.download(payload.content)
            except (ContentCorrupt, ContentNotFound) as error:
                raise _lacking(result.run.flow_run_id, error) from error
        return payload

    async def shown(self, result_id: str) -> StoredResult:
        """Return a result's value if it is JSON, else its content type and size.

        Raises:
            ContentNotFound, ContentCorrupt: its bytes were lost.
        """
        payload = (await self._get(result_id)).payload
        if payload.content_type == JSON and payload.WhichOneof("data") == "content":
            payload.inline = await self._content.download(payload.content)
        return StoredResult(payload.content_type, payload_row(payload))

    async def _get(self, result_id: str) -> Result:
        request = GetResultRequest(namespace=self._namespace, result_id=result_id)
        return (await ask(self._stub.GetResult, request)).result


def _lacking(
    flow_run_id: str, error: ContentCorrupt | ContentNotFound
) -> ContentCorrupt | ContentNotFound:
    return type(error)(
        f"the result of flow run {flow_run_id} cannot be read: {error}",
        **error.metadata | {"flow_run_id": flow_run_id},
    )
