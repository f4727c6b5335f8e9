"""The longest that a call may take, whatever its caller asks for."""

import pytest

from contract.chassis.echo_service import EchoServicer, EchoStub, soon, text
from penstock.errors import DeadlineExceeded
from penstock.wire_errors import named_errors
from penstockd.chassis.chain import Chain
from penstockd.chassis.deadlines import Deadlines
from penstockd.chassis.local_channel import local_channel
from penstockd.chassis.mounted import Mounted
from penstockd.chassis.wire_errors import WireErrors

pytestmark = pytest.mark.asyncio

A_DAY = 86_400


def a_stub(servicer: EchoServicer, longest: float) -> EchoStub:
    deadlines = Deadlines(longest_unary=longest, longest_stream=longest)
    chain = Chain([WireErrors(), deadlines])
    return EchoStub(local_channel(Mounted(servicers=[servicer]), chain))


async def test_a_call_ends_at_its_longest() -> None:
    servicer = EchoServicer()
    with pytest.raises(DeadlineExceeded, match=r"after 0\.05 s"), named_errors():
        await a_stub(servicer, 0.05).Sleep(text("x"), timeout=A_DAY)
    await soon(servicer.cancelled)


async def test_a_stream_ends_at_its_longest_and_keeps_what_came() -> None:
    servicer = EchoServicer()
    got = []
    with pytest.raises(DeadlineExceeded, match=r"after 0\.05 s"), named_errors():
        async for reply in a_stub(servicer, 0.05).WatchEcho(text("x"), timeout=A_DAY):
            got.append(reply.value)  # noqa: PERF401 - what came before the end is kept
    assert got == ["x"]
    await soon(servicer.cancelled)


async def test_what_a_long_call_does_is_bounded_by_the_longest() -> None:
    reply = await a_stub(EchoServicer(), 3).Call(text("x"), timeout=A_DAY)
    assert 2 < float(reply.value) < 3
