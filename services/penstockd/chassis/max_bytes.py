"""Generated from proto/ by `make gen`; never edited."""

# fmt: off
from collections.abc import Mapping

MAX_BYTES: Mapping[str, int] = {
    "penstock.api.state.v1.TaskRunCalled": 1572864,
    "penstock.api.type.v1.Failure": 786432,
    "penstock.api.type.v1.Payload": 131072,
    "penstock.api.type.v1.RunSpec": 1048576,
}
