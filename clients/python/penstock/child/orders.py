"""What the executor writes to the process under a run, one JSON object a line."""

from __future__ import annotations

import json
import threading
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from penstock.exceptions import PenstockError


class NoOrder(PenstockError):
    """The pipe ended before it said what to run: only an executor starts this program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One flow run, and what shows that this process may work on it."""

    namespace: str
    flow_run_id: str
    flow_run_name: str
    flow_name: str
    lease_id: str
    fence: int
    # The one to open for runs that this process begins beside it.
    session_id: str
    attempt: int
    entrypoint: str
    working_dir: str
    sys_path: tuple[str, ...]
    content_type: str
    inline: bytes | None
    sha256: bytes
    size: int
    traceparent: str
    deployment_id: str
    deployment_version: int


class Orders:
    """The job first, then perhaps that it is to be cancelled."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe

    def job(self) -> Job:
        """Wait for the job.

        Raises:
            NoOrder: there is none.
        """
        line = self._pipe.readline()
        if not line:
            raise NoOrder(
                "the pipe ended before it said what to run: only an executor starts this"
            )
        return _job(json.loads(line))

    def listen(self, cancel: Callable[[str], object]) -> None:
        """From now on call `cancel` with the reason when the run is to stop."""
        thread = threading.Thread(
            target=self._listen, args=(cancel,), name="penstock-orders", daemon=True
        )
        thread.start()

    def _listen(self, cancel: Callable[[str], object]) -> None:
        for line in self._pipe:
            order = json.loads(line)
            if "cancel" in order:
                cancel(str(order["cancel"].get("message", "")))


def _job(order: dict[str, Any]) -> Job:
    parameters = order.get("parameters") or {
        "content_type": "application/json",
        "inline": "e30=",
    }
    inline = parameters.get("inline")
    return Job(
        namespace=order["namespace"],
        flow_run_id=order["flow_run_id"],
        flow_run_name=order["flow_run_name"],
        flow_name=order["flow_name"],
        lease_id=order["lease_id"],
        fence=order["fence"],
        session_id=order["session_id"],
        attempt=order["attempt"],
        entrypoint=order["entrypoint"],
        working_dir=order.get("working_dir", ""),
        sys_path=tuple(order["sys_path"]),
        content_type=parameters["content_type"],
        inline=None if inline is None else b64decode(inline),
        sha256=bytes.fromhex(parameters.get("sha256", "")),
        size=parameters.get("size", 0),
        traceparent=order["traceparent"],
        deployment_id=order.get("deployment_id", ""),
        deployment_version=order.get("deployment_version", 0),
    )
