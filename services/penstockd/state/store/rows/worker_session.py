"""Worker sessions."""

from typing import Any

from penstockd.state.rules.worker_session import SessionKind, WorkerSession
from penstockd.state.store.rows.state import Row


def worker_session_of(row: Row) -> WorkerSession:
    return WorkerSession(**{**row, "kind": SessionKind(row["kind"])})


def worker_session_row(session: WorkerSession) -> dict[str, Any]:
    assert session.kind is not None  # noqa: S101 - only one whose row is gone has none
    return {
        "namespace": session.namespace,
        "id": session.id,
        "kind": session.kind.value,
        "alive": session.alive,
        "revision": session.revision,
        "create_time": session.create_time,
        "lease_until": session.lease_until,
        "end_time": session.end_time,
        "closed": session.closed,
    }
