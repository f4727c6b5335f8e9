"""What is written to the process under a run, one JSON object a line."""

import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

from penstockd.executor.rules.work import Payload, Work


def work_message(work: Work, *, traceparent: str) -> bytes:
    """Return the first line: the lease, and what is to be run.

    The session is the one that the process opens for runs of its own.
    """
    return _line(
        {
            "namespace": work.namespace,
            "flow_run_id": str(work.flow_run_id),
            "flow_run_name": work.flow_run_name,
            "flow_name": work.flow_name,
            "lease_id": str(work.lease.lease_id),
            "fence": work.lease.fence,
            "session_id": str(work.lease.lease_id),
            "attempt": work.attempt,
            "entrypoint": work.launch.entrypoint,
            "working_dir": work.launch.working_dir,
            "sys_path": list(work.launch.sys_path),
            "parameters": _payload(work.parameters),
            "traceparent": traceparent,
            "deployment_id": work.deployment_id,
            "deployment_version": work.deployment_version,
        }
    )


def cancel_message(why: str, grace: timedelta) -> bytes:
    return _line({"cancel": {"message": why, "grace_seconds": grace.total_seconds()}})


def _payload(payload: Payload | None) -> dict[str, Any] | None:
    if payload is None:
        return None
    if payload.inline is not None:
        inline = b64encode(payload.inline).decode()
        return {"content_type": payload.content_type, "inline": inline}
    return {
        "content_type": payload.content_type,
        "sha256": payload.sha256.hex(),
        "size": payload.size,
    }


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
