"""What may be done with results: only who owns the run publishes, once, what is there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from penstock.errors import (
    ContentNotFound,
    IdTaken,
    InvalidArgument,
    LeaseLost,
    PenstockError,
)
from penstockd.artifact.peers import Leases
from penstockd.artifact.rules.content import ContentKey
from penstockd.artifact.rules.result import LeaseRef, Result, says_the_same
from penstockd.artifact.store import Intent
from penstockd.artifact.store.ports.result import ResultStore, ResultTransaction
from penstockd.chassis.payload import ContentRef, Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    result_id: UUID
    flow_run_id: UUID
    lease: LeaseRef
    payload: Payload
    traceparent: str


class Results:
    def __init__(
        self, store: ResultStore, leases: Leases, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._leases = leases
        self._clock = clock

    async def publish(
        self, intent: Intent, publication: Publication, *, render: Callable[[Result], bytes]
    ) -> bytes:
        """Publish once; who is overtaken after the check leaves a result that no run names.

        docs/adr/0009 tells why no second check is made.
        """
        refusal = await self._refusal(intent.namespace, publication)
        now = self._clock()

        async def work(tx: ResultTransaction) -> bytes:
            # Only here: the answer to a repeated request stays, though the lease has ended.
            if refusal is not None:
                raise refusal
            return render(await _publish(tx, _result(intent.namespace, publication, now)))

        return await self._store.once(intent, work, now=now)

    async def get(self, namespace: str, result_id: UUID) -> Result:
        return await self._store.load(namespace, result_id)

    async def _refusal(self, namespace: str, publication: Publication) -> PenstockError | None:
        try:
            await self._leases.check(namespace, publication.flow_run_id, publication.lease)
        except PenstockError as error:
            return error
        return None


async def _publish(tx: ResultTransaction, result: Result) -> Result:
    data = result.payload.data
    if isinstance(data, ContentRef):
        await _must_be_there(tx, result.namespace, data)
    if not await tx.raise_fence(result.namespace, result.flow_run_id, result.lease.fence):
        raise LeaseLost(
            f"a later owner of run {result.flow_run_id} has published: stop working on it",
            flow_run_id=str(result.flow_run_id),
        )
    if await tx.insert(result):
        return result
    published = await tx.load(result.namespace, result.id)
    if not says_the_same(published, result):
        raise IdTaken(
            f"another result has the id {result.id}: use a new UUIDv7",
            result_id=str(result.id),
        )
    return published


async def _must_be_there(tx: ResultTransaction, namespace: str, ref: ContentRef) -> None:
    size = await tx.content_size(ContentKey(namespace=namespace, sha256=ref.sha256))
    if size is None:
        raise ContentNotFound(
            f"no content in {namespace} has the SHA-256 {ref.sha256.hex()}: upload it first",
            sha256=ref.sha256.hex(),
        )
    if size != ref.size:
        raise InvalidArgument(
            f"the content has {size} bytes, not {ref.size}", field="payload.content.size"
        )


def _result(namespace: str, publication: Publication, now: datetime) -> Result:
    return Result(
        namespace=namespace,
        id=publication.result_id,
        flow_run_id=publication.flow_run_id,
        lease=publication.lease,
        payload=publication.payload,
        traceparent=publication.traceparent,
        create_time=now,
    )
