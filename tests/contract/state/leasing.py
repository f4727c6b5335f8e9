"""What tests of leases ask again and again."""

from typing import Any

from contract.state.requests import a_claim, a_renewal, an_ending, ruling_of
from contract.state.site import Site
from penstock.api.state.v1 import lease_service_pb2
from penstock.api.type.v1 import lease_pb2


async def claimed(site: Site, session_id: str, **more: Any) -> list[str]:
    """Claim, and return the ids of the runs."""
    answer = await site.leases.Claim(a_claim(session_id, **more))
    return [it.flow_run.id for it in answer.claimed]


async def claim_again(site: Site, session_id: str = "") -> lease_pb2.Lease:
    """Return the lease of the one run that is due, for a session that may be new."""
    session_id = session_id or await site.a_session()
    (claim,) = (await site.leases.Claim(a_claim(session_id))).claimed
    return claim.lease  # type: ignore[no-any-return]


async def rulings(site: Site, session_id: str, *reports: Any, **more: Any) -> list[str]:
    answer = await site.leases.Renew(a_renewal(session_id, *reports, **more))
    return [ruling_of(it) for it in answer.verdicts]


async def complete(
    site: Site, lease: lease_pb2.Lease, what: str = "ended", **more: Any
) -> lease_service_pb2.CompletedLease:
    answer = await site.leases.Complete(an_ending(lease.lease_ref, what, **more))
    return answer.results[0]  # type: ignore[no-any-return]
