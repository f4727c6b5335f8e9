"""The golden errors of the contract, as a client reads them and as a server writes them."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from google.rpc.status_pb2 import Status
from grpc.aio import AioRpcError, Metadata

from penstock.api.type.v1.error_reason_pb2 import ErrorReason
from penstock.errors import BY_REASON, FieldViolation, InvalidArgument
from penstock.wire_errors import DETAILS_KEY, from_rpc_error
from penstockd.chassis.wire_errors import CODES, to_status

VECTORS = Path(__file__).parents[2] / "proto" / "vectors" / "errors.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text())["cases"]
PREFIX = "ERROR_REASON_"


def test_every_reason_of_the_contract_has_a_golden_case() -> None:
    reasons = {name.removeprefix(PREFIX) for name, _ in ErrorReason.items()} - {"UNSPECIFIED"}
    assert {case["reason"] for case in CASES} == reasons


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["reason"])
def test_a_client_reads_a_golden_error(case: dict[str, Any]) -> None:
    trailing = Metadata((DETAILS_KEY, base64.b64decode(case["grpcStatusDetailsBin"])))
    error = from_rpc_error(
        AioRpcError(CODES[case["code"]], Metadata(), trailing, case["message"])
    )
    assert type(error) is BY_REASON[case["reason"]]
    assert (error.code, str(error), error.metadata) == (
        case["code"],
        case["message"],
        case["metadata"],
    )
    after = case["retryAfterSeconds"]
    assert error.retry_after == (None if after is None else timedelta(seconds=after))
    if isinstance(error, InvalidArgument):
        assert error.violations == tuple(FieldViolation(**each) for each in case["violations"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["reason"])
def test_a_server_writes_a_golden_error(case: dict[str, Any]) -> None:
    violations = [FieldViolation(**each) for each in case["violations"]]
    error = BY_REASON[case["reason"]](case["message"], *violations, **case["metadata"])
    golden = Status.FromString(base64.b64decode(case["grpcStatusDetailsBin"]))
    assert to_status(error) == golden
