"""WorkerSessionService."""

from collections.abc import AsyncIterator, Mapping

import grpc

from penstock.api.state.v1 import worker_session_pb2
from penstock.api.state.v1 import worker_session_service_pb2 as pb
from penstock.api.state.v1.worker_session_service_pb2_grpc import (
    WorkerSessionServiceServicer,
    add_WorkerSessionServiceServicer_to_server,
)
from penstockd.chassis.identity import caller
from penstockd.chassis.wire.fields import invalid, uuid_of
from penstockd.chassis.wire.times import duration_to_proto, put_time
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.worker_session import SessionKind, WorkerSession
from penstockd.state.servicers.lease_wire import report_of, verdict_to_proto
from penstockd.state.usecases.worker_session import WorkerSessions

_KINDS: Mapping[int, SessionKind] = {
    worker_session_pb2.SessionKind.Value(f"SESSION_KIND_{it}"): it for it in SessionKind
}


class WorkerSessionServicer(WorkerSessionServiceServicer):
    def __init__(self, sessions: WorkerSessions, terms: Terms) -> None:
        self._sessions = sessions
        self._terms = terms

    def add_to(self, server: grpc.aio.Server) -> None:
        add_WorkerSessionServiceServicer_to_server(self, server)

    async def OpenWorkerSession(
        self, request: pb.OpenWorkerSessionRequest, context: object
    ) -> pb.OpenWorkerSessionResponse:
        opened = await self._sessions.open(
            request.namespace,
            uuid_of(request.session_id, "session_id"),
            kind_of(request.kind, "kind"),
            [report_of(it, "held") for it in request.held],
        )
        return pb.OpenWorkerSessionResponse(
            session=_to_proto(opened.session),
            ttl=duration_to_proto(self._terms.ttl),
            renew_interval=duration_to_proto(self._terms.renew_interval),
            ack_deadline=duration_to_proto(self._terms.ack_deadline),
            verdicts=[verdict_to_proto(it, self._terms) for it in opened.verdicts],
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
    """Return the kind of the caller's session. Raises InvalidArgument.

    Nobody sees from here whether a process behind a socket still holds its file: its runs
    would crash at once, or never.
    """
    kind = _KINDS.get(number)
    if kind is None:
        raise invalid(field, f"{number} is not a valid kind of session")
    if kind is SessionKind.EMBEDDED and not caller().local:
        why = "EMBEDDED is for processes that share the store: use SCRIPT, and renew"
        raise invalid(field, why)
    return kind


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
