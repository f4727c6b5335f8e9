"""What a crowd of large requests takes of a server's memory, by what the system counted."""

import asyncio
from pathlib import Path
from typing import Any

import grpc
import pytest

from hanging import HANG_LIMIT
from integration.serving import Serving
from penstock.api.state.v1.flow_service_pb2 import GetFlowRequest
from penstock.wire_channels import LONGEST_MESSAGE

MIB = 1 << 20
REQUESTS, CONNECTIONS = 100, 4
# With all of them in memory, and a copy of each, it would be 800 more.
MOST_MORE = 400


def most_memory(pid: int) -> int:
    """Return the most that a process ever had, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1_024


async def send_all(address: str, request: bytes) -> set[grpc.StatusCode]:
    options = [[("number", number)] for number in range(CONNECTIONS)]
    channels = [grpc.aio.insecure_channel(address, options=each) for each in options]
    path = "/penstock.api.state.v1.FlowService/GetFlow"
    methods: list[Any] = [each.unary_unary(path) for each in channels]
    calls = [methods[at % CONNECTIONS](request, timeout=HANG_LIMIT) for at in range(REQUESTS)]
    codes = {await call.code() for call in calls}
    for channel in channels:
        await channel.close()
    return codes


@pytest.mark.parametrize("namespace", ["default", "x" * (LONGEST_MESSAGE - 100)])
def test_many_large_requests_are_not_in_memory_at_once(tmp_path: Path, namespace: str) -> None:
    request = GetFlowRequest(namespace=namespace).SerializeToString()
    # A field with the number 15 000, which is dropped after it was read.
    size = LONGEST_MESSAGE - len(request) - 20
    if size > MIB:
        length = bytes([size & 127 | 128, size >> 7 & 127 | 128, size >> 14 & 127 | 128])
        request += b"\xc2\xa9\x07" + length + bytes([size >> 21]) + b"x" * size
    with Serving(tmp_path / "store") as server:
        before = most_memory(server.pid)
        codes = asyncio.run(send_all(server.address, request))
        assert most_memory(server.pid) - before < MOST_MORE
    assert codes == {grpc.StatusCode.INVALID_ARGUMENT}
