"""Every error that the product raises on purpose.

PenstockError
├── InvalidArgument         INVALID_ARGUMENT      a field breaks a rule of the contract
│   ├── DeadlineMissing     INVALID_ARGUMENT
│   ├── RequestIdReused     INVALID_ARGUMENT
│   ├── CursorInvalid       INVALID_ARGUMENT
│   ├── PageTokenInvalid    INVALID_ARGUMENT
│   ├── DigestMismatch      INVALID_ARGUMENT
│   └── IdempotencyKeyReused INVALID_ARGUMENT
├── NotFound                NOT_FOUND
│   ├── FlowNotFound · FlowRunNotFound · TaskRunNotFound · WorkerSessionNotFound
│   ├── DeploymentNotFound · WorkPoolNotFound · WorkQueueNotFound
│   ├── ContentNotFound · ResultNotFound
│   └── ExecutionNotFound
├── AlreadyExists           ALREADY_EXISTS
│   ├── IdTaken · WorkPoolExists · WorkQueueExists
├── LeaseLost               FAILED_PRECONDITION
├── UploadIncomplete        FAILED_PRECONDITION
├── SequenceGap             FAILED_PRECONDITION
├── ResourceInUse           FAILED_PRECONDITION
├── TransitionRefused       FAILED_PRECONDITION
├── WorkerSessionClosed     FAILED_PRECONDITION
├── ProtocolVersionUnsupported FAILED_PRECONDITION
├── RevisionConflict        ABORTED
├── CursorExpired           OUT_OF_RANGE
├── StorageFull             RESOURCE_EXHAUSTED
├── MessageTooLarge         RESOURCE_EXHAUSTED
├── Overloaded              RESOURCE_EXHAUSTED
├── QuotaExceeded           RESOURCE_EXHAUSTED
├── NotSupportedYet         UNIMPLEMENTED
├── Unavailable             UNAVAILABLE
│   ├── ShuttingDown · StorageUnavailable
├── DeadlineExceeded        DEADLINE_EXCEEDED
├── ContentCorrupt          DATA_LOSS
└── StoreLost               DATA_LOSS

Services raise them, the wire carries `reason`, clients catch the same classes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

DOMAIN = "penstock"

# gRPC's codes by number, 1 to 16: importing grpc costs 100 ms.
Code = IntEnum(
    "Code",
    "CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS "
    "PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE "
    "UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED",
)


class PenstockError(Exception):
    """Something went wrong inside the product: its log tells more."""

    code: Code = Code.INTERNAL
    reason: str = "INTERNAL"
    retry_after: timedelta | None = None

    def __init__(self, message: str, /, **metadata: str) -> None:
        super().__init__(message)
        self.metadata = metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldViolation:
    """One field of a request that breaks a rule, and how to mend it."""

    field: str
    description: str


class InvalidArgument(PenstockError):
    """A field of the request breaks a rule of the contract: mend it and call again."""

    code, reason = Code.INVALID_ARGUMENT, "INVALID_ARGUMENT"

    def __init__(self, message: str, /, *violations: FieldViolation, **metadata: str) -> None:
        super().__init__(message, **metadata)
        self.violations = violations


class DeadlineMissing(InvalidArgument):
    """The call carries no deadline: set a timeout, so that nothing waits for ever."""

    reason = "DEADLINE_MISSING"


class RequestIdReused(InvalidArgument):
    """This request_id came with another body before: make a new one for a new intent."""

    reason = "REQUEST_ID_REUSED"


class CursorInvalid(InvalidArgument):
    """This is no cursor: hand back what the server gave."""

    reason = "CURSOR_INVALID"


class PageTokenInvalid(InvalidArgument):
    """This page token belongs to another filter: start again from the first page."""

    reason = "PAGE_TOKEN_INVALID"


class DigestMismatch(InvalidArgument):
    """The uploaded bytes have another SHA-256 than was said: upload them again."""

    reason = "DIGEST_MISMATCH"


class IdempotencyKeyReused(InvalidArgument):
    """This idempotency_key belongs to a run of another flow: choose another key."""

    reason = "IDEMPOTENCY_KEY_REUSED"


class NotFound(PenstockError):
    """Nothing has this id or name: check the namespace too."""

    code, reason = Code.NOT_FOUND, "NOT_FOUND"


class FlowNotFound(NotFound):
    """No flow has this id or name: check the namespace too."""

    reason = "FLOW_NOT_FOUND"


class FlowRunNotFound(NotFound):
    """No flow run has this id: check the namespace too."""

    reason = "FLOW_RUN_NOT_FOUND"


class TaskRunNotFound(NotFound):
    """No task run has this id: it may not have been journalled yet."""

    reason = "TASK_RUN_NOT_FOUND"


class WorkerSessionNotFound(NotFound):
    """No worker session has this id: register the worker again."""

    reason = "WORKER_SESSION_NOT_FOUND"


class DeploymentNotFound(NotFound):
    """No deployment has this id or name: `penstock deployment ls` shows what there is."""

    reason = "DEPLOYMENT_NOT_FOUND"


class WorkPoolNotFound(NotFound):
    """No work pool has this name: `penstock pool create NAME` makes one."""

    reason = "WORK_POOL_NOT_FOUND"


class WorkQueueNotFound(NotFound):
    """The work pool has no queue of this name: create it, or leave the queue out."""

    reason = "WORK_QUEUE_NOT_FOUND"


class ContentNotFound(NotFound):
    """No content has this digest: upload it first."""

    reason = "CONTENT_NOT_FOUND"


class ResultNotFound(NotFound):
    """No result has this id: the run may have ended without one."""

    reason = "RESULT_NOT_FOUND"


class ExecutionNotFound(NotFound):
    """This executor has no such execution: another one may have it."""

    reason = "EXECUTION_NOT_FOUND"


class AlreadyExists(PenstockError):
    """The id or name is taken: choose another, or read what is there."""

    code, reason = Code.ALREADY_EXISTS, "ALREADY_EXISTS"


class IdTaken(AlreadyExists):
    """Something else uses this id: ids that clients make must be fresh UUIDv7."""

    reason = "ID_TAKEN"


class WorkPoolExists(AlreadyExists):
    """A work pool of this name exists: use it, or choose another name."""

    reason = "WORK_POOL_EXISTS"


class WorkQueueExists(AlreadyExists):
    """The work pool has a queue of this name: use it, or choose another name."""

    reason = "WORK_QUEUE_EXISTS"


class LeaseLost(PenstockError):
    """Somebody else owns the run now, or it ended: stop working on it."""

    code, reason = Code.FAILED_PRECONDITION, "LEASE_LOST"


class UploadIncomplete(PenstockError):
    """The chunk does not follow the bytes that have arrived: go on from `received_size`."""

    code, reason = Code.FAILED_PRECONDITION, "UPLOAD_INCOMPLETE"


class SequenceGap(PenstockError):
    """Entries or lines are missing before these: go on from `expected`."""

    code, reason = Code.FAILED_PRECONDITION, "SEQUENCE_GAP"


class ResourceInUse(PenstockError):
    """Something still uses it: end that first, or ask for it to be cancelled."""

    code, reason = Code.FAILED_PRECONDITION, "RESOURCE_IN_USE"


class TransitionRefused(PenstockError):
    """The run may not come into this state from the one in which it is: read it first."""

    code, reason = Code.FAILED_PRECONDITION, "TRANSITION_REFUSED"


class WorkerSessionClosed(PenstockError):
    """The session was closed by its own process: choose a new id for a new one."""

    code, reason = Code.FAILED_PRECONDITION, "WORKER_SESSION_CLOSED"


class ProtocolVersionUnsupported(PenstockError):
    """The server does not speak this version of the protocol: use one that it speaks."""

    code, reason = Code.FAILED_PRECONDITION, "PROTOCOL_VERSION_UNSUPPORTED"


class RevisionConflict(PenstockError):
    """Somebody else moved it first: read it again and decide anew."""

    code, reason = Code.ABORTED, "REVISION_CONFLICT"


class CursorExpired(PenstockError):
    """The changes after this cursor are gone: list, then watch from the list's cursor."""

    code, reason = Code.OUT_OF_RANGE, "CURSOR_EXPIRED"


class StorageFull(PenstockError):
    """The disk under the store is full: make room, then call again."""

    code, reason = Code.RESOURCE_EXHAUSTED, "STORAGE_FULL"
    retry_after = timedelta(seconds=5)


class MessageTooLarge(PenstockError):
    """The message is larger than 4 MiB: send less at once, or large values by digest."""

    code, reason = Code.RESOURCE_EXHAUSTED, "MESSAGE_TOO_LARGE"


class Overloaded(PenstockError):
    """The server has as much to do as it takes on; nothing has happened: call again."""

    code, reason = Code.RESOURCE_EXHAUSTED, "OVERLOADED"
    retry_after = timedelta(seconds=1)


class QuotaExceeded(PenstockError):
    """The namespace has as much as it may have: delete what is old, or raise its quota."""

    code, reason = Code.RESOURCE_EXHAUSTED, "QUOTA_EXCEEDED"
    retry_after = timedelta(seconds=30)


class NotSupportedYet(PenstockError):
    """The contract has it, this version does not do it yet: leave it out."""

    code, reason = Code.UNIMPLEMENTED, "NOT_SUPPORTED_YET"


class Unavailable(PenstockError):
    """The service cannot be reached now: is it started, and is the address right?"""

    code, reason = Code.UNAVAILABLE, "UNAVAILABLE"
    retry_after = timedelta(seconds=1)


class ShuttingDown(Unavailable):
    """The service is shutting down: call again, another replica answers."""

    reason = "SHUTTING_DOWN"


class StorageUnavailable(Unavailable):
    """The database cannot be reached now: call again; the service stays up meanwhile."""

    reason = "STORAGE_UNAVAILABLE"


class DeadlineExceeded(PenstockError):
    """Nobody knows whether it happened: ask again with the same request_id."""

    code, reason = Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED"


class ContentCorrupt(PenstockError):
    """The stored bytes no longer match their digest: restore them, or upload them again."""

    code, reason = Code.DATA_LOSS, "CONTENT_CORRUPT"


class StoreLost(PenstockError):
    """The files of the store were deleted or replaced while they were in use: start again."""

    code, reason = Code.DATA_LOSS, "STORE_LOST"


def _tree(root: type[PenstockError]) -> Iterator[type[PenstockError]]:
    yield root
    for branch in root.__subclasses__():
        yield from _tree(branch)


BY_REASON = {error.reason: error for error in _tree(PenstockError)}


def from_status(
    code: int, message: str, *, reason: str, metadata: Mapping[str, str]
) -> PenstockError:
    """Return the error that a status stands for; one of a newer server keeps code and text.

    A status that gRPC itself made has no reason: the name of its code stands in.
    """
    reason = reason or Code(code).name
    error = BY_REASON.get(reason, PenstockError)(message, **metadata)
    error.code, error.reason = Code(code), reason
    return error
