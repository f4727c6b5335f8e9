import pytest
from grpc.aio import AioRpcError, Metadata

from penstock.errors import BY_REASON, PenstockError
from penstock.wire_errors import from_rpc_error
from penstockd.chassis.wire_errors import CODES, to_status, trailing_metadata


@pytest.mark.parametrize("error", BY_REASON.values())
def test_an_error_survives_the_wire(error: type[PenstockError]) -> None:
    raised = error("what happened", flow_run_id="7")
    trailing = Metadata(*trailing_metadata(raised))
    text = to_status(raised).message
    got = from_rpc_error(AioRpcError(CODES[raised.code], Metadata(), trailing, text))
    assert (type(got), str(got), got.metadata) == (error, "what happened", {"flow_run_id": "7"})
