"""Sessions: what makes the leases of one process live and end together."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import grpc

from penstock.api.state.v1.worker_session_service_pb2 import CloseWorkerSessionRequest
from penstock.api.state.v1.worker_session_service_pb2_grpc import WorkerSessionServiceStub
from penstock.client.asking import ask


class Session(Protocol):
    """Whose session it is, and the way to the service that keeps it."""

    @property
    def state(self) -> grpc.aio.Channel: ...
    @property
    def namespace(self) -> str: ...
    @property
    def session_id(self) -> str: ...


class SessionOfAnother(NamedTuple):
    """The session of another process, for which this one acts."""

    state: grpc.aio.Channel
    namespace: str
    session_id: str


class Sessions:
    """Asks the state service about a session."""

    def __init__(self, session: Session) -> None:
        self._stub = WorkerSessionServiceStub(session.state)
        self._namespace, self._session_id = session.namespace, session.session_id

    async def close(self) -> None:
        """End the session, and with it the runs that it still owns."""
        request = CloseWorkerSessionRequest(
            namespace=self._namespace, session_id=self._session_id
        )
        await ask(self._stub.CloseWorkerSession, request)
