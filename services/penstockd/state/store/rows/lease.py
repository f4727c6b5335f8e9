"""Leases, as far as their runs' rows tell of them."""

from typing import Any

from penstockd.state.rules.lease import LeasePhase
from penstockd.state.rules.lease_report import Held
from penstockd.state.rules.ownership import LeaseRef
from penstockd.state.rules.state import StateType
from penstockd.state.store.rows.flow_run import ownership_of
from penstockd.state.store.rows.state import Row


def held_of(row: Row) -> Held:
    return Held(
        namespace=row["namespace"],
        flow_run_id=row["id"],
        ownership=ownership_of(row),
        state_type=StateType(row["state_type"]),
        state_message=row["state_message"],
        phase=LeasePhase(row["lease_phase"]),
        checkpoint=row["checkpoint"],
    )


def held_row(held: Held) -> dict[str, Any]:
    """Return what a worker's report may change, and whose row it is."""
    owner = held.ownership
    return {
        "namespace": held.namespace,
        "id": held.flow_run_id,
        "fence": owner.fence,
        "lease_phase": held.phase.value,
        "checkpoint": held.checkpoint,
        "ack_deadline": owner.ack_deadline,
        "list_deadline": owner.list_deadline,
    }


def lease_ref_of(row: Row) -> LeaseRef:
    return LeaseRef(lease_id=row["lease_id"], fence=row["fence"])
