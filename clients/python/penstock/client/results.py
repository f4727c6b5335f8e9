"""What flow runs returned, kept by the artifact service under an id."""

from __future__ import annotations

from typing import Any

from penstock.api.artifact.v1.result_service_pb2 import GetResultRequest, PublishResultRequest
from penstock.api.artifact.v1.result_service_pb2_grpc import ResultServiceStub
from penstock.client.asking import ask, ask_patiently
from penstock.client.connection import Connection
from penstock.client.payload_codec import PayloadCodec
from penstock.client.wire.owned import Owned
from penstock.errors import ContentCorrupt, ContentNotFound
from penstock.ground.ids import new_id
from penstock.payloads.values import EncodedPayload


class Results:
    """Asks the artifact service about results."""

    def __init__(self, connection: Connection) -> None:
        self._stub = ResultServiceStub(connection.artifact)
        self._namespace = connection.namespace
        self._codec = connection.part(PayloadCodec)

    async def publish(self, owned: Owned, value: EncodedPayload) -> str:
        """Publish what a run returned, and return the result's id."""
        result_id = new_id()
        request = PublishResultRequest(
            request_id=new_id(),
            namespace=owned.namespace,
            result_id=result_id,
            run=owned.run(),
            lease=owned.lease.message(),
            payload=await self._codec.payload(value),
        )
        await ask_patiently(self._stub.PublishResult, request)
        return result_id

    async def value(self, result_id: str) -> Any:
        """Return a published result's value.

        Raises:
            ContentNotFound, ContentCorrupt: its bytes were lost, of a run that the error names.
        """
        request = GetResultRequest(namespace=self._namespace, result_id=result_id)
        reply = await ask(self._stub.GetResult, request)
        try:
            return await self._codec.value(reply.result.payload)
        except (ContentCorrupt, ContentNotFound) as error:
            raise _lacking(reply.result.run.flow_run_id, error) from error


def _lacking(
    flow_run_id: str, error: ContentCorrupt | ContentNotFound
) -> ContentCorrupt | ContentNotFound:
    return type(error)(
        f"the result of flow run {flow_run_id} cannot be read: {error}",
        **error.metadata | {"flow_run_id": flow_run_id},
    )
