"""The layers of every Penstock service, in the order that all of them rely on."""

from penstockd.chassis.chain import Admission, Chain, Layer
from penstockd.chassis.deadlines import Deadlines
from penstockd.chassis.draining import Draining
from penstockd.chassis.identity import Identity
from penstockd.chassis.parking import MOST_PARKED, Parking
from penstockd.chassis.tracing import Tracing
from penstockd.chassis.validation import Check, Reading, Validation
from penstockd.chassis.wire_errors import WireErrors


def standard_chain(
    *,
    draining: Draining | None = None,
    check: Check | None = None,
    admission: Admission | None = None,
    most_parked: int = MOST_PARKED,
) -> Chain:
    """Return the chain for one process; the embedded engine has no check and no admission."""
    draining = draining or Draining()
    edge, reading = WireErrors(), Reading()
    layers: list[Layer] = [Tracing(), edge, Identity(), Deadlines(), reading, Validation(check)]
    return Chain(
        [*layers, Parking(most_parked), draining],
        forwarding=[edge, draining],
        foreign=[edge, reading],
        admission=admission,
    )
