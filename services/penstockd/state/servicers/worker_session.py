"""WorkerSessionService."""

from collections.abc import AsyncIterator

import grpc

from penstock.api.state.v1 import worker_session_pb2
from penstock.api.state.v1 import worker_session_service_pb2 as pb
from penstock.api.state.v1.worker_session_service_pb2_grpc import (
    WorkerSessionServiceServicer,
    add_WorkerSessionServiceServicer_to_server,
)
from penstockd.chassis.wire.fields import invalid, uuid_of
from penstockd.chassis.wire.times import duration_to_proto, put_time
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.worker_session import SessionKind, WorkerSession
from penstockd.state.usecases.worker_session import WorkerSessions

_KINDS = {worker_session_pb2.SessionKind.Value(f"SESSION_KIND_{it}"): it for it in SessionKind}


class WorkerSessionServicer(WorkerSessionServiceServicer):
    def __init__(self, sessions: WorkerSessions, terms: Terms) -> None:
        self._sessions = sessions
        self._terms = terms

    def add_to(self, server: grpc.aio.Server) -> None:
        add_WorkerSessionServiceServicer_to_server(self, server)

    async def OpenWorkerSession(
        self, request: pb.OpenWorkerSessionRequest, context: object
    ) -> pb.OpenWorkerSessionResponse:
        session_id = uuid_of(request.session_id, "session_id")
        session = await self._sessions.open(
            request.namespace, session_id, kind_of(request.kind, "kind")
        )
        return pb.OpenWorkerSessionResponse(
            session=_to_proto(session),
            ttl=duration_to_proto(self._terms.ttl),
            renew_interval=duration_to_proto(self._terms.renew_interval),
            ack_deadline=duration_to_proto(self._terms.ack_deadline),
        )

    async def CloseWorkerSession(
        self, request: pb.CloseWorkerSessionRequest, context: object
    ) -> pb.CloseWorkerSessionResponse:
        session_id = uuid_of(request.session_id, "session_id")
        session = await self._sessions.close(request.namespace, session_id)
        return pb.CloseWorkerSessionResponse(session=_to_proto(session))

    async def WatchWorkerSessions(
        self, request: pb.WatchWorkerSessionsRequest, context: object
    ) -> AsyncIterator[pb.WatchWorkerSessionsResponse]:
        async for cursor, sessions in self._sessions.watch(request.namespace, request.cursor):
            changes = map(_to_proto, sessions)
            yield pb.WatchWorkerSessionsResponse(cursor=cursor, changes=changes)


def kind_of(number: int, field: str) -> SessionKind:
    try:
        return _KINDS[number]  # type: ignore[index]
    except KeyError:
        raise invalid(field, f"{number} is no kind of session") from None


def _to_proto(session: WorkerSession) -> worker_session_pb2.WorkerSession:
    message = worker_session_pb2.WorkerSession(
        id=str(session.id),
        namespace=session.namespace,
        alive=session.alive,
    )
    if session.kind is not None:
        message.kind = worker_session_pb2.SessionKind.Value(f"SESSION_KIND_{session.kind}")
    put_time(message.lease_until, session.lease_until)
    put_time(message.create_time, session.create_time)
    return message
