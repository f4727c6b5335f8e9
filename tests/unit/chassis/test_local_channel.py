import asyncio
from typing import Any, cast

import pytest

from contract.chassis.echo_service import EchoServicer, EchoStub, text
from penstock.errors import PenstockError, Unavailable
from penstock.wire_channels import bounded_by_deadline
from penstock.wire_errors import named_errors
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import LocalChannel, local_channel
from penstockd.chassis.mounted import Mounted

pytestmark = pytest.mark.asyncio

SOON = 30


def a_stub(resolve: Any) -> EchoStub:
    return EchoStub(LocalChannel(resolve, standard_chain()))  # type: ignore[arg-type]


async def test_a_request_is_copied_when_the_call_begins() -> None:
    stub = EchoStub(local_channel(Mounted(servicers=[EchoServicer()]), standard_chain()))
    sent = text("spring")
    call = stub.Echo(sent, timeout=SOON)
    sent.value = "autumn"
    assert await call == text("spring")


async def test_a_service_is_built_at_its_first_call_and_once() -> None:
    asked: list[str] = []

    async def resolve(package: str) -> Mounted:
        asked.append(package)
        await asyncio.sleep(0)
        return Mounted(servicers=[EchoServicer()])

    stub = a_stub(resolve)
    assert asked == []
    calls = [stub.Echo(text(number), timeout=SOON) for number in range(3)]
    assert [(await call).value for call in calls] == ["0", "1", "2"]
    assert asked == ["penstock.test.v1"]


async def test_a_service_that_could_not_be_built_is_tried_again() -> None:
    outcomes: Any = iter([OSError("disk"), Mounted(servicers=[EchoServicer()])])

    async def resolve(_package: str) -> Mounted:
        outcome = next(outcomes)
        if isinstance(outcome, OSError):
            raise outcome
        return cast(Mounted, outcome)

    stub = a_stub(resolve)
    with pytest.raises(PenstockError, match="a bug in the server"), named_errors():
        await stub.Echo(text("x"), timeout=SOON)
    assert await stub.Echo(text("x"), timeout=SOON) == text("x")


async def test_why_a_service_could_not_be_built_reaches_the_caller() -> None:
    async def resolve(_package: str) -> Mounted:
        raise Unavailable("the store is locked")

    with pytest.raises(Unavailable, match="the store is locked"), named_errors():
        await a_stub(resolve).Echo(text("x"), timeout=SOON)


async def test_what_is_built_inherits_no_deadline() -> None:
    seen: list[float] = []

    async def resolve(_package: str) -> Mounted:
        seen.append(bounded_by_deadline(100))
        return Mounted(servicers=[EchoServicer()])

    await a_stub(resolve).Echo(text("x"), timeout=SOON)
    assert seen == [100]


async def test_a_service_is_never_far_ahead_of_its_reader() -> None:
    made: list[int] = []

    class Eager(EchoServicer):
        async def count(self, request: Any, _context: Any) -> Any:
            for number in range(int(request.value)):
                made.append(number)
                yield request

    stub = EchoStub(local_channel(Mounted(servicers=[Eager()]), standard_chain()))
    stream = aiter(stub.Count(text(50), timeout=SOON))
    await anext(stream)
    await asyncio.sleep(0.01)
    assert len(made) <= 3


async def test_a_closed_channel_leaves_nothing_running() -> None:
    servicer = EchoServicer()
    channel = local_channel(Mounted(servicers=[servicer]), standard_chain())
    call = EchoStub(channel).Sleep(text("x"), timeout=SOON)
    await servicer.parked.wait()
    await channel.close()
    assert servicer.cancelled.is_set()
    with pytest.raises(asyncio.CancelledError):
        await call


async def test_a_call_that_never_began_ends_too() -> None:
    channel = local_channel(Mounted(servicers=[EchoServicer()]), standard_chain())
    stub = EchoStub(channel)
    cancelled = stub.Echo(text("x"), timeout=SOON)
    assert cancelled.cancel()
    closed = stub.Echo(text("x"), timeout=SOON)
    await channel.close()
    for call in (cancelled, closed):
        with pytest.raises(asyncio.CancelledError):
            await call
        assert not call.cancel()


async def test_a_channel_can_be_made_before_a_loop_runs() -> None:
    channel = await asyncio.to_thread(
        local_channel, Mounted(servicers=[EchoServicer()]), standard_chain()
    )
    assert await EchoStub(channel).Echo(text("x"), timeout=SOON) == text("x")
