"""What the executor tells the process under a run: the messages of `child.proto`."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO, TypeVar, cast

from google.protobuf.message import DecodeError, Message
from google.protobuf.proto import parse_length_prefixed

from penstock.api.executor.v1.child_pb2 import ChildJob, ChildOrder
from penstock.api.type.v1.payload_pb2 import Payload
from penstock.client.wire.owned import LeaseRef, Owned
from penstock.exceptions import PenstockError

PROTOCOL_VERSION = 1

M = TypeVar("M", bound=Message)


class NoOrder(PenstockError):
    """The pipe did not say what to run: only an executor starts this program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One flow run, and what shows that this process may work on it."""

    owned: Owned
    # The one to open for runs that this process begins beside it.
    session_id: str
    flow_run_name: str
    flow_name: str
    entrypoint: str
    working_dir: str
    sys_path: tuple[str, ...]
    parameters: Mapping[str, Payload]
    traceparent: str
    deployment_id: str
    deployment_version: int
    # Of each service, by its name; none means as the environment says.
    addresses: Mapping[str, str]


class Orders:
    """The job first, then perhaps that it is to be cancelled."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe

    def job(self) -> Job:
        """Wait for the job.

        Raises:
            NoOrder: there is none, or none that this version of Penstock knows.
        """
        message = self._next(ChildJob)
        if message is None:
            raise NoOrder(
                "the pipe was closed before it said what to run: only an executor starts "
                "this program"
            )
        if not 1 <= message.protocol_version <= PROTOCOL_VERSION:
            raise NoOrder(
                f"the executor uses version {message.protocol_version} of the protocol "
                "with its child processes, and this Penstock knows only versions up to "
                f"{PROTOCOL_VERSION}: install the executor's version of Penstock in the "
                "deployment's Python environment"
            )
        return _job(message)

    def listen(self, cancel: Callable[[str], object]) -> None:
        """From now on call `cancel` with the reason when the run is to stop."""
        thread = threading.Thread(
            target=self._listen, args=(cancel,), name="penstock-orders", daemon=True
        )
        thread.start()

    def _listen(self, cancel: Callable[[str], object]) -> None:
        try:
            while (order := self._next(ChildOrder)) is not None:
                # Any other is one of a later executor, which this process may ignore.
                if order.WhichOneof("order") == "cancel":
                    cancel(order.cancel.message)
        except NoOrder as error:
            sys.stderr.write(f"{error}\n")

    def _next(self, kind: type[M]) -> M | None:
        try:
            # The generated stubs ask for BytesIO, the function for anything buffered.
            return cast("M | None", parse_length_prefixed(kind, self._pipe))  # type: ignore[arg-type]
        except (DecodeError, ValueError) as error:
            raise NoOrder(
                f"the pipe does not hold a valid {kind.DESCRIPTOR.name} ({error}): "
                "install the executor's version of Penstock in the deployment's Python "
                "environment"
            ) from None


def _job(message: ChildJob) -> Job:
    spec, lease = message.spec, message.lease
    if spec.launch.WhichOneof("program") != "python" or not lease.run.flow_run_id:
        raise NoOrder("the job is not a run of a Python flow, and nothing else can run here")
    program = spec.launch.python
    return Job(
        owned=Owned(
            namespace=lease.namespace,
            flow_run_id=lease.run.flow_run_id,
            lease=LeaseRef(lease.lease_ref.lease_id, lease.lease_ref.fence),
        ),
        session_id=message.session_id,
        flow_run_name=message.flow_run_name,
        flow_name=spec.flow_name,
        entrypoint=program.entrypoint,
        working_dir=program.working_dir,
        sys_path=tuple(program.sys_path),
        parameters=dict(spec.parameters),
        traceparent=message.traceparent,
        deployment_id=message.deployment_id,
        deployment_version=message.deployment_version,
        addresses=dict(message.addresses),
    )
