"""What becomes of a listener whose server does not hear that it is let go."""

import asyncio
from typing import Any, cast

import grpc
import pytest

from penstockd.chassis.listening import Listener


class HardOfHearing:
    """Loses a cancellation that comes while it is waited for, as grpc.aio's server can."""

    def add_insecure_port(self, _address: str) -> int:
        return 1

    async def start(self) -> None: ...

    async def wait_for_termination(self, timeout: float) -> bool:
        try:
            await asyncio.sleep(timeout)
        except asyncio.CancelledError:
            asyncio.current_task().uncancel()  # type: ignore[union-attr]
        return True


@pytest.mark.asyncio
async def test_a_listener_that_is_left_ends_though_its_cancellation_is_lost() -> None:
    listener = Listener(lambda: cast(grpc.aio.Server, HardOfHearing()), "127.0.0.1", 0)
    await listener.start()
    keeping: asyncio.Task[Any] = asyncio.create_task(listener.keep())
    await asyncio.sleep(0)
    listener.leave()
    keeping.cancel()
    await asyncio.wait({keeping})
    assert keeping.done()
